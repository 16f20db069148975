/** What a crawl passed over, and why; shown with its progress. */
export class CrawlTally {
  missing = 0;
  robots = 0;
  elsewhere = 0;
  type = 0;
  noindex = 0;
  copies = 0;
  trapped = 0;
  unwanted = 0;
  problems = 0;
  #missingExample = '';

  miss(address: string, from: string | null): void {
    this.missing += 1;
    if (this.#missingExample === '') this.#missingExample = from === null ? address : `${address}, linked from ${from}`;
  }

  /** In words, what is not zero. */
  words(pages: number): string {
    const parts: [count: number, one: string, many: string][] = [
      [this.copies, 'address showed what another one shows', 'addresses showed what others show'],
      [this.missing, `link leads to no page (${this.#missingExample})`, `links lead to no page (such as ${this.#missingExample})`],
      [this.robots, 'page is closed to robots by robots.txt', 'pages are closed to robots by robots.txt'],
      [this.noindex, 'page asks not to be kept', 'pages ask not to be kept'],
      [this.type, 'link leads to no document, such as a picture', 'links lead to no documents, such as pictures'],
      [this.elsewhere, 'page leads to another site', 'pages lead to another site'],
      [this.unwanted, 'link is outside what is to be read', 'links are outside what is to be read'],
      [this.trapped, 'link was left out as one of an endless number', 'links were left out as some of an endless number'],
      [this.problems, 'page could not be read', 'pages could not be read'],
    ];
    return [`${pages} ${pages === 1 ? 'page' : 'pages'} read`, ...parts.filter(([count]) => count > 0).map(([count, one, many]) => `${count} ${count === 1 ? one : many}`)].join('; ');
  }
}
