/** A difference between the cluster file and the living cluster that this version cannot carry out: never ignored. */
export interface Unsupported {
  /** Field of the cluster file, or a node's name. */
  readonly where: string;
  readonly why: string;
}
