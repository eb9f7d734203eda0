/** Rust: panics and crates for databases and configuration. */
import { isA, type Row } from './row.ts';

export const RUST: readonly Row[] = [
  {
    kind: 'stated',
    form: /missing field `(?<name>\w{1,80})`/,
    cause: '{who} reads a configuration (or data) that lacks the field {name}.',
    remedy:
      'If it comes from the environment (envy, config, figment), set {name} in upper case in `environment` or `secrets`; otherwise add it to the file or data that is read there.',
  },
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
  {
    kind: 'stated',
    form: /error returned from database: (?<reason>.{1,200})/,
    not: /FATAL|password authentication|does not exist|already exists|pg_hba/,
    cause: 'The database refused a statement or the login of the application{container}: {line}',
    remedy: 'Correct what the database names there (schema, rights, or user and password in `secrets`).',
  },
  {
    kind: 'migration-unknown',
    form: /migration (?<version>\d{1,20}) was previously applied but is missing in the resolved migrations|VersionMissing\((?<version2>\d{1,20})\)/,
    cause:
      'The database has a migration{ (version)} that the image of the application{container} does not: it is newer than this image, or the file was deleted.',
    remedy:
      'Deploy a commit that contains that migration, or restore its file; do not run an image older than the database.',
  },
  {
    kind: 'stated',
    form: /could not find (?:native static library|`Cargo\.toml`)|SQLX_OFFLINE|set `DATABASE_URL` to use query macros/,
    cause: 'The container{container} compiles Rust code when it starts, or was built without what it needs: {line}',
    remedy:
      'Build the program in the Dockerfile (cargo build --release, with SQLX_OFFLINE=true and the committed .sqlx folder) and start only the binary.',
  },
];
