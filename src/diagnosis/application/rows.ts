import { AWS } from './aws.ts';
import { JVM } from './jvm.ts';
import { MIGRATION_ENDS, MIGRATIONS } from './migrations.ts';
import { NODE } from './node.ts';
import { OTHERS } from './others.ts';
import { PACKAGE_MANAGERS } from './package-managers.ts';
import { PRODUCTS } from './products.ts';
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
  ...PACKAGE_MANAGERS,
  ...MIGRATIONS,
  ...PRODUCTS,
  ...SERVERS,
  ...MIGRATION_ENDS,
  ...NODE,
  ...PYTHON,
  ...JVM,
  ...OTHERS,
  ...PROXIES,
];
