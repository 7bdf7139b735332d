/** Members that must agree: etcd writes nothing below this (etcd docs, "failure tolerance"). */
export function majority(members: number): number {
  return Math.floor(members / 2) + 1;
}

/** How many members may be down while the rest still agree. */
export function tolerance(members: number): number {
  return members === 0 ? 0 : members - majority(members);
}

/** Whether `alive` of `members` can still write. */
export function hasQuorum(members: number, alive: number): boolean {
  return members > 0 && alive >= majority(members);
}
