
/** The objects of a ListObjectsV2 answer. */
export async function objectsOf(xml: string): Promise<{ key: string; size: number; modified: string }[]> {
  // Loaded on first use: most servers never read such a page.
  const { load } = await import('cheerio');
  const answer = load(xml, { xml: true });
  return answer('Contents').toArray().map((element) => {
    const part = (name: string) => answer(element).children(name).first().text();
    return { key: part('Key'), size: Number(part('Size')), modified: part('LastModified') };
  });
}
