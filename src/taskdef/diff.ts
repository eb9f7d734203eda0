/** One readable difference between two revisions. Values of environment variables and secrets are never in it. */
export interface Difference {
  /** As people name it: `container app: image`, `container app: environment DATABASE_URL`, `cpu`. */
  readonly subject: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Absent where the value must not be shown. */
  readonly before?: string;
  readonly after?: string;
}
