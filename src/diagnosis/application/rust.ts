/** Rust: panics and crates for databases and configuration. */
import { isA, type Row } from './row.ts';

export const RUST: readonly Row[] = [
  isA(
    'out-of-heap',
    /memory allocation of \d{1,20} bytes failed|failed to allocate memory|Cannot allocate memory \(os error 12\)/,
  ),
  {
    kind: 'own-fault',
    form: /there is no reactor running, must be called from the context of a Tokio|Cannot (?:start|drop) a runtime (?:from within|in a context)/,
    cause: 'The code of the application{container} uses Tokio outside of its runtime, or blocks inside of it: {line}',
    remedy:
      'Start the function under #[tokio::main] (one version of tokio in Cargo.lock), and run blocking code with spawn_blocking.',
  },
];
