/** What one reading of a repository may use up. */
export interface GitLimits {
  /** Of one pack, as it comes. */
  packBytesMax: number;
  /** Resident memory of the process that unpacks. */
  memoryBytesMax: number;
  /** For reading one pack, for one list, for one file. */
  indexMs: number;
  listMs: number;
  blobMs: number;
  /** Files and folders looked at. */
  entriesMax: number;
  depthMax: number;
}

export const GIT_LIMITS: GitLimits = {
  packBytesMax: 192 * 1024 * 1024, memoryBytesMax: 1024 * 1024 * 1024, indexMs: 180_000, listMs: 60_000, blobMs: 30_000, entriesMax: 200_000, depthMax: 100,
};
