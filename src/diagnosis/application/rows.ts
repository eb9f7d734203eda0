import { AWS } from './aws.ts';
import { BEAM } from './beam.ts';
import { BUILD_OUTPUT } from './build-output.ts';
import { DOTNET } from './dotnet.ts';
import { GO } from './go.ts';
import { HTTP } from './http.ts';
import { JVM } from './jvm.ts';
import { MIGRATION_ENDS, MIGRATIONS } from './migrations.ts';
import { NODE } from './node.ts';
import { PACKAGE_MANAGERS } from './package-managers.ts';
import { PHP } from './php.ts';
import { PRODUCTS } from './products.ts';
import { PROXIES } from './proxies.ts';
import { PYTHON } from './python.ts';
import type { Row } from './row.ts';
import { RUBY } from './ruby.ts';
import { RUST } from './rust.ts';
import { SERVERS } from './servers.ts';
import { SHELL } from './shell.ts';

/**
 * What is known of producers, the surest first: a call of AWS without credentials looks like anything else; a server's
 * own sentence outranks the class of the client around it; then the tools with codes of their own.
 */
export const ROWS: readonly Row[] = [
  ...AWS,
  ...PACKAGE_MANAGERS,
  ...MIGRATIONS,
  ...BUILD_OUTPUT,
  ...PRODUCTS,
  ...SERVERS,
  ...MIGRATION_ENDS,
  ...NODE,
  ...PYTHON,
  ...JVM,
  ...SHELL,
  ...GO,
  ...DOTNET,
  ...RUBY,
  ...PHP,
  ...BEAM,
  ...RUST,
  ...HTTP,
  ...PROXIES,
];
