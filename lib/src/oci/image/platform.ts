/** image-index.md, "platform": what an image runs on, in the words of Go's GOOS and GOARCH. */

export interface Platform {
  architecture: string;
  os: string;
  'os.version'?: string;
  'os.features'?: string[];
  /** Of the processor, such as `v7` of arm. */
  variant?: string;
}
