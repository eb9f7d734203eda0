import { AWS } from './aws.ts';
import { JVM } from './jvm.ts';
import { MIGRATIONS } from './migrations.ts';
import { NODE } from './node.ts';
import { OTHERS } from './others.ts';
import { PROXIES } from './proxies.ts';
import { PYTHON } from './python.ts';
import type { Row } from './row.ts';
import { SERVERS } from './servers.ts';

/**
 * What is known of producers, the surest first: a call of AWS without credentials looks like anything else; a server's
 * own sentence outranks the class of the client around it; then the tools with codes of their own.
 */
export const ROWS: readonly Row[] = [
  ...AWS,
  ...MIGRATIONS.slice(0, -2),
  ...SERVERS,
  ...MIGRATIONS.slice(-2),
  ...NODE,
  ...PYTHON,
  ...JVM,
  ...OTHERS,
  ...PROXIES,
];
