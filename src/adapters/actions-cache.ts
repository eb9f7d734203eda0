import type { ActionsCache } from '../ports.ts';
import { proxyAgents, sendRequest } from './http.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The cache is a help: a service that is slow to answer is not waited for. */
const CHECK_SECONDS = 5;
const SERVICE = 'twirp/github.actions.results.api.v1.CacheService/GetCacheEntryDownloadURL';

/**
 * Whether GitHub's cache takes this job's token: one look-up of a key that does not exist. BuildKit fails the whole build where it
 * does not, whatever `ignore-error` says, and leaves the cache out without a word where there is no token.
 * https://github.com/moby/buildkit/blob/master/cache/remotecache/gha/gha.go
 */
export async function checkActionsCache(env: Env, signal: AbortSignal): Promise<ActionsCache> {
  const token = env.ACTIONS_RUNTIME_TOKEN;
  const second = /^true$/i.test(env.ACTIONS_CACHE_SERVICE_V2 ?? '');
  const base = second ? env.ACTIONS_RESULTS_URL : env.ACTIONS_CACHE_URL;
  if (!token || !base) return { kind: 'absent' };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' };
  const key = { key: 'ecs-rollout-check', version: '0'.repeat(64) };
  const root = base.endsWith('/') ? base : `${base}/`;
  const late = AbortSignal.timeout(CHECK_SECONDS * 1000);
  try {
    const { status } = await sendRequest(
      second
        ? { method: 'POST', url: new URL(SERVICE, root), headers, body: JSON.stringify(key) }
        : {
            method: 'GET',
            url: new URL(`_apis/artifactcache/cache?keys=${key.key}&version=${key.version}`, root),
            headers: { ...headers, accept: 'application/json;api-version=6.0-preview.1' },
          },
      { agents: proxyAgents(env), signal: AbortSignal.any([signal, late]) },
    );
    if (status >= 200 && status < 300) return { kind: 'ready' };
    return { kind: 'refused', why: `GitHub's cache service answers HTTP ${status} to this job's token` };
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    const why = late.aborted
      ? `GitHub's cache service did not answer within ${CHECK_SECONDS} s`
      : `GitHub's cache service cannot be reached (${thrown instanceof Error ? thrown.message : String(thrown)})`;
    return { kind: 'refused', why };
  }
}
