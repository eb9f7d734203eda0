/** What clients of HTTP say of the status that a server answered with. */
import type { Row } from './row.ts';

export const HTTP: readonly Row[] = [
  {
    kind: 'stated',
    form: /insufficient_quota|exceeded your current quota/,
    cause: 'The service that the application{container} calls has no quota left for its account: {line}',
    remedy: 'Raise the limit or pay the bill of that account, or use the key of another one in `secrets`.',
  },
  {
    kind: 'stated',
    form: /(?:^|[\w.]\.|: )RateLimitError: |\b429 Too Many Requests|(?:status(?: code)?|HTTP status)[:= ]{1,3}429\b|Error code: 429\b|TooManyRequests(?:Error|Exception)?:/,
    not: /aws|amazon|Throttl|botocore/i,
    cause: 'A server limits the requests of the application{container} (HTTP status 429): {line}',
    remedy:
      'Let the application wait and repeat (with the time of Retry-After), send fewer requests at start and from fewer tasks, or raise the limit there.',
  },
  {
    kind: 'stated',
    form: /(?:Request failed with status code|server returned HTTP status|[Uu]nexpected (?:HTTP )?(?:response |status )?(?:status|code)(?: code)?:?|does not indicate success:|HTTP Error|HTTPError:|error code:) (?<status>404)\b|\b(?<status2>404) Client Error/,
    cause: 'A server answered a request of the application{container} with HTTP status 404: {line}',
    remedy:
      'Compare the URL (host, path, version) in `environment` with what that server offers; behind a load balancer a rule may send the path elsewhere.',
  },
  {
    kind: 'stated',
    form: /(?:Request failed with status code|server returned HTTP status|[Uu]nexpected (?:HTTP )?(?:response |status )?(?:status|code)(?: code)?:?|does not indicate success:|HTTP Error|HTTPError:|error code:) (?<status>50[0234])\b|\b(?<status2>50[0234]) Server Error/,
    cause: 'A server that the application{container} calls failed with HTTP status {status}: {line}',
    remedy:
      'Look into the log and health of that server (502, 503 and 504 come from a load balancer without healthy targets), and let the application repeat the request at start.',
  },
];
