/** Bounds of one document. What exceeds them is refused with a reason, never read in part. */
export const PARSE_LIMITS = {
  /** Bytes of the file itself. */
  fileBytesMax: 100 * 1024 * 1024,
  /** Bytes of all entries of a zip container after unpacking. */
  unzippedBytesMax: 300 * 1024 * 1024,
  /** Bytes of one entry we hand to an XML parser; their trees take a multiple of this in memory. */
  entryBytesMax: 100 * 1024 * 1024,
  /** Unpacked to packed, for entries past `ratioFloorBytes`. Office XML reaches about 50. */
  ratioMax: 200,
  ratioFloorBytes: 5 * 1024 * 1024,
  entriesMax: 10_000,
  pagesMax: 5000,
  /** Rows of one CSV file, or of all sheets together. */
  rowsMax: 200_000,
  cellCharactersMax: 1_000_000,
  charactersMax: 20_000_000,
  blocksMax: 500_000,
  /** Nesting of HTML elements we follow; far past any real page. */
  depthMax: 400,
  warningsMax: 50,
  /** Characters of a title or author, and of a name and a value among the further properties; how many of these. */
  propertyCharactersMax: 500,
  propertyNameCharactersMax: 60,
  propertiesMax: 40,
} as const;
