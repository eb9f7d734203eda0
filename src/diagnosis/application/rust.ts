/** Rust and C++: panics, crates for databases and configuration, exceptions that nothing caught. */
import { isA, type Row, rowsOf } from './row.ts';

export const RUST: readonly Row[] = rowsOf('rust', [
  {
    kind: 'variable-missing',
    form: /secret keys? (?:are|is) required in non-debug profiles/,
    cause: 'Rocket has no secret key in the container{container}, which it wants outside of the debug profile.',
    remedy:
      'Set ROCKET_SECRET_KEY in `secrets` (input `secrets`) to the output of openssl rand -base64 32, the same in all tasks.',
  },
  {
    kind: 'setting-missing',
    form: /missing field `(?<name>[\w.-]{1,80})`(?: for key "[\w.-]{1,80}")? in (?:environment variable|\S{1,200} (?:TOML|JSON|YAML) )|\bconfig(?:uration)?\b[^\n]{0,60}: missing (?:configuration )?field [`"](?<name2>[\w.-]{1,80})[`"]/i,
    cause: '{who} lacks the setting {name}: neither its environment variables nor its configuration files have it.',
    remedy:
      'Set it in `environment` or `secrets` (inputs `environment-variables`, `secrets`): its name in upper case, behind the prefix that the program gives to its variables (often APP_, with two underscores between levels).',
  },
  {
    kind: 'stated',
    symptom: true,
    form: /^aborting due to (?:invalid configuration|failed or colliding)/,
    cause: 'Rocket refuses the configuration of the application{container}; the lines above this one name the value.',
    remedy:
      'Correct that value in Rocket.toml (is it in the image?) or as a ROCKET_ variable in `environment` or `secrets`: ROCKET_ADDRESS=0.0.0.0, ROCKET_PORT, ROCKET_SECRET_KEY.',
  },
  {
    kind: 'own-fault',
    form: /no process-level CryptoProvider available|Could not automatically determine the process-level CryptoProvider/,
    cause:
      'rustls has no single cryptography provider in the application{container}: none of its features ring and aws-lc-rs is enabled, or both are.',
    remedy:
      'Call rustls::crypto::ring::default_provider().install_default() first in main(), or let the dependencies agree on one feature (cargo tree -e features -i rustls).',
  },
  {
    kind: 'url-invalid',
    form: /\bRelativeUrlWithoutBase\b|relative URL without a base/,
    cause: 'A setting of the application{container} that should be a whole URL has no scheme (or is empty): {line}',
    remedy:
      'Write that URL with its scheme (https://HOST/PATH, postgres://...) in `environment` or `secrets`, without quotes around it; compare those whose names end in URL, HOST or ENDPOINT first.',
  },
  isA(
    'migration-changed',
    /Migrate\(VersionMismatch\((?<version>\d{1,20})\)\)|is different than (?:the )?filesystem one|DivergentVersion\(/,
  ),
  isA(
    'migration-unknown',
    /Migrate\(VersionMissing\((?<name>\d{1,20})\)\)|migration (?<name2>\d{1,20}) was previously applied but is missing|MissingVersion\((?<name3>\w{1,120})\)/,
  ),
  isA(
    'out-of-heap',
    /^terminate called after throwing an instance of 'std::bad_alloc'|memory allocation of \d{1,20} bytes failed|failed to allocate memory|Cannot allocate memory \(os error 12\)/,
  ),
  {
    kind: 'error',
    form: /^terminate called after throwing an instance of '(?<name>[^']{1,200})'(?! what\(\): .{0,200}(?:[Cc]onnect|[Rr]esolve|[Pp]ermission|No such file))/,
    cause:
      'The program of the container{container} ended with an exception of C++ ({name}) that nothing caught: {line}',
    remedy:
      'Two places are the likeliest: what the text behind what() names, with the lines above it in the container log; and `environment`, `secrets` and `command`, compared with those of the revision before. Running the image locally with the same values shows whether it comes from the image or from where it runs.',
  },
  {
    kind: 'own-fault',
    form: /there is no reactor running, must be called from the context of a Tokio|Cannot (?:start|drop) a runtime (?:from within|in a context)/,
    cause: 'The code of the application{container} uses Tokio outside of its runtime, or blocks inside of it: {line}',
    remedy:
      'Start the function under #[tokio::main] (one version of tokio in Cargo.lock), and run blocking code with spawn_blocking.',
  },
]);
