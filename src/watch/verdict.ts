import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { Instant } from '../model.ts';

/**
 * What is true of our deployment now. Open kinds say when to look again; the others are final.
 * `causes` come root cause first.
 */
export type Verdict =
  | {
      readonly kind: 'waiting';
      readonly waitingFor: string;
      readonly lookAgainInSeconds: number;
      readonly suspected: readonly Diagnosis[];
    }
  | {
      readonly kind: 'awaiting-approval';
      readonly hook: string;
      readonly until?: Instant;
      readonly lookAgainInSeconds: number;
    }
  /** Already known as failed; ECS itself is restoring, which we follow to its end. */
  | {
      readonly kind: 'rolling-back';
      readonly to?: string;
      readonly reason: string;
      readonly causes: readonly Diagnosis[];
      readonly lookAgainInSeconds: number;
    }
  | {
      readonly kind: 'succeeded';
      readonly runningCount: number;
      readonly digests: Readonly<Record<string, string>>;
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: 'rolled-back';
      readonly to?: string;
      readonly reason: string;
      readonly causes: readonly Diagnosis[];
    }
  /** And nobody restores: ECS's own rollback would be `rolling-back`. */
  | { readonly kind: 'failed'; readonly reason: string; readonly causes: readonly Diagnosis[] }
  | { readonly kind: 'stopped'; readonly reason: string }
  /** The time is up while ECS waits for somebody to continue or to roll back; nothing is wrong. */
  | { readonly kind: 'paused'; readonly hook: string; readonly until?: Instant }
  | { readonly kind: 'superseded'; readonly byDeployment: string; readonly byTaskDefinition: string }
  /** Cannot move any more although nobody says "failed". */
  | { readonly kind: 'stuck'; readonly reason: string; readonly causes: readonly Diagnosis[] }
  | { readonly kind: 'timed-out'; readonly reason: string; readonly causes: readonly Diagnosis[] };

export type OpenVerdict = Extract<Verdict, { lookAgainInSeconds: number }>;
export type FinalVerdict = Exclude<Verdict, OpenVerdict>;
