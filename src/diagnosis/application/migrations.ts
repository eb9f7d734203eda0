/** Migration tools, each by its own codes and sentences. */
import { isA, type Row } from './row.ts';

export const MIGRATIONS: readonly Row[] = [
  {
    kind: 'migration-locked',
    form: /(?:duplicate key value violates unique constraint|Duplicate entry .{1,120} for key|E11000 duplicate key|UNIQUE constraint failed:|Violation of (?:PRIMARY|UNIQUE) KEY constraint) .{0,60}?(?<name>(?:\w{0,40}(?:migrat\w{0,30}_lock|MigrationLock)|databasechangeloglock|schema_lock)\w{0,40})/i,
    cause:
      'The migration lock is held ({name}): several tasks run the migrations at the same time, or an earlier run was stopped and left its row in the lock table.',
    remedy:
      'Run the migrations once, in one task before the deployment (input `pre-deploy`), not in every task. If no migration runs, delete the row of that lock or release it with the unlock command of the tool; the insert itself must stay, as it is the lock.',
  },
  {
    kind: 'migration-locked',
    form: /(?:duplicate key value violates unique constraint|Duplicate entry .{1,120} for key|E11000 duplicate key|UNIQUE constraint failed:|Violation of (?:PRIMARY|UNIQUE) KEY constraint) .{0,60}?(?<name>schema_migrations_pkey|flyway_schema_history_(?:pk|s_idx)|__EFMigrationsHistory|(?:\w{0,40}_)?schema_version_pk\w{0,4}|alembic_version_pkc?|PK_\w{0,40}migrations?_?history)\b/i,
    cause:
      'Two tasks ran the same migration at the same time: the other one has written it into the history first ({name}).',
    remedy:
      'Run the migrations once, in one task before the deployment (input `pre-deploy`), not at the start of every task. Then start the tasks again; the history itself is right.',
  },
  {
    kind: 'migration-locked',
    technology: 'postgres',
    form: /duplicate key value violates unique constraint "(?<name>pg_(?:type_typname_nsp|class_relname_nsp|namespace_nspname|extension_name|database_datname|proc_proname_args_nsp|authid_rolname)_index)"/,
    cause:
      'Two sessions created the same object of PostgreSQL at the same time ({name}), as tasks that all create the schema or run the migrations at their start do; IF NOT EXISTS does not prevent it.',
    remedy:
      'Create the schema once, in one task before the deployment (input `pre-deploy`), not in every task or worker. Starting the task again passes, as the object now exists; if it fails again with one task alone, a type of that name is left over: drop it (DROP TYPE).',
  },
  {
    kind: 'file-missing',
    technology: 'flyway',
    form: /none of the following migration scripts locations could be found/,
    cause: 'Flyway finds its migration scripts nowhere in the jar of the application{container}.',
    remedy: [
      'Put them under src/main/resources/db/migration and build again, or correct spring.flyway.locations',
      { examples: [{ for: 'jvm', words: 'SPRING_FLYWAY_LOCATIONS' }] },
      ': classpath:db/migration without spaces.',
    ],
  },
  {
    kind: 'migration-pending',
    technology: 'python',
    form: /relation "?django_migrations"? does not exist|no such table: django_\w{1,40}|InvalidBasesError|CircularDependencyError/,
    cause: 'Django found a state of its migrations that it cannot work with: {line}',
    remedy:
      'Run `manage.py migrate` in a task of this image before the deployment; if it fails itself, correct the migrations as the line names them.',
  },
  {
    kind: 'migration-unknown',
    technology: 'python',
    form: /NodeNotFoundError: Migration (?<name>[\w.-]{1,120}) dependencies reference nonexistent parent node \(['"](?<app>[\w.]{1,60})['"], ['"](?<parent>[\w.]{1,80})/,
    cause: 'The Django migration {name} depends on {parent} of the app {app}, which the image does not have.',
    remedy:
      'Commit that migration file (and do not ignore migrations/ in .dockerignore or .gitignore); if it belongs to a package, install the version that has it.',
  },
  {
    kind: 'migration-failed',
    technology: 'flyway',
    symptom: true,
    form: /SQL State {1,4}: (?<state>\w{5})|Script (?<name>V[\w.]{1,120}\.sql) failed|Migration (?<name2>V[\w.]{1,120}\.sql) failed/,
    cause: 'A Flyway migration{ name} failed on its SQL: {line}',
    remedy: [
      'Read the message under it (SQL State, Message, Line) and correct that statement or the schema. On a database without transactional DDL',
      { examples: [{ for: 'mysql', words: 'MySQL' }] },
      ' remove what it left and run `flyway repair` before the next start.',
    ],
  },
  {
    kind: 'server-too-old',
    technology: 'flyway',
    form: /FlywayEditionUpgradeRequiredException.{0,160}?: (?<name>[A-Z][\w ]{2,30} [\d.]{1,10}) is no longer supported/,
    cause: 'The version of Flyway (Community) in the image no longer supports {name}.',
    remedy:
      'Upgrade the database server to a version that it supports, or pin an older version of Flyway (or the edition that still supports it).',
  },
  {
    kind: 'server-too-old',
    technology: 'flyway',
    form: /Unsupported Database: (?<name>[\w ]{2,30}[\d.]{0,10})|No database found to handle (?<url>\S{1,120})/,
    cause: 'Flyway does not support the database{ name} with the modules that are in the image.',
    remedy:
      'Add the module for that database (flyway-database-postgresql, flyway-mysql, flyway-sqlserver) beside flyway-core, or a Flyway version that knows that version of the server.',
  },
  {
    kind: 'migration-heads',
    technology: 'flyway',
    form: /Found more than one migration with version (?<version>[\w.]{1,40})/,
    cause: 'The image has two Flyway migrations with the version {version}.',
    remedy:
      'Give one of the files another version and build the image again (a clean build: an old file may be left in target/ or build/).',
  },
  {
    kind: 'file-missing',
    form: /Unable to resolve location (?<path>\S{1,120})|Cannot find changelog location: ?(?<path2>\S{0,120})|The file (?<path3>\S{1,160}) was not found in the configured search path|ChangeLogParseException: .{0,60}(?<path4>db\/\S{1,120})|open .{0,80}migrations: no such file|first (?<path5>\S{1,80}): (?:file does not exist|no migration)|Path doesn't exist: ['"]?(?<path6>[\w/.-]{1,120})|No config file ['"]?(?<path7>alembic\.ini)|Could not find the migrations? (?:directory|folder|file)/i,
    cause: 'The migration tool finds its files{ (path)} nowhere in the container{container}.',
    remedy: [
      'COPY the folder of the migrations (and the configuration of the tool) into the final stage, and correct its location',
      {
        examples: [
          { for: 'flyway', words: 'spring.flyway.locations' },
          'the change log file',
          '-path',
          'script_location',
        ],
      },
      ' to where it is in the image.',
    ],
  },
  {
    // The number before the colon is the version of Liquibase's own way to compute it: a newer one has written the first.
    kind: 'stated',
    technology: 'liquibase',
    form: /check ?sums?\b(?:[^\n]{0,400}\n){0,6}?[^\n]{0,400}\bwas: (?<from>9:[\da-f]{6,32}) but is now: (?<now>[78]:[\da-f]{6,32})/i,
    cause:
      'A newer Liquibase than that of the image{container} has written the history in the database (its check sums begin with 9, those of the image with 8 or 7): an older version of the application was started against it.',
    remedy:
      'Start the version that last ran against this database, or a newer one, and pin its tag. To go back, restore the database from before the upgrade: clearing the check sums would only hide it.',
  },
  {
    kind: 'migration-changed',
    technology: 'liquibase',
    form: /liquibase\.\S{0,60}ValidationFailedException|ValidationFailedException: Validation Failed:|(?<count>\d{1,3}) change ?sets? check sum/i,
    cause: 'Liquibase does not accept the change log against the history in the database: {line}',
    remedy:
      'Restore the change set as it was applied and write the change as a new one. Where the schema already is as the new text says, run `liquibase clear-checksums`.',
  },
  {
    kind: 'stated',
    technology: 'ruby',
    form: /EnvironmentMismatchError|ProtectedEnvironmentError/,
    cause:
      'Rails protects the database of the application{container}: RAILS_ENV of the command is not the environment that the database was made with, or the command would destroy it.',
    remedy:
      'Set RAILS_ENV=production in `environment` and run db:migrate (not db:reset, db:schema:load or db:drop) there.',
  },
  isA('migration-failed', /Dirty database version (?<version>\d{1,20})|\bP3009\b|migrate found failed migrations/),
  isA('migration-baseline', /\bP3005\b|Found non-empty schema\(s\)/),
];

/** What only says that a statement failed: the server's sentence in it stands before. */
export const MIGRATION_ENDS: readonly Row[] = [
  {
    kind: 'migration-failed',
    technology: 'prisma',
    symptom: true,
    form: /\bP3018\b|A migration failed to apply\. New migrations cannot be applied/,
    cause: 'A Prisma migration failed on its SQL; the lines below name it and the error of the database: {line}',
    remedy:
      'Correct the statement or the schema, mark the migration (`prisma migrate resolve --rolled-back NAME`) and run `prisma migrate deploy` again, in one task before the deployment.',
  },
  {
    kind: 'stated',
    form: /QueryFailedError: (?<reason>.{1,200})/,
    cause: 'A query or migration that TypeORM ran was refused by the database: {line}',
    remedy:
      'Correct what the database says there; for a migration repair the schema, then run it again in one task before the deployment.',
  },
];
