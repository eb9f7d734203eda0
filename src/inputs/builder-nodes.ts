import { isAbsolute } from 'node:path';
import { defined } from '../model.ts';
import { looksSecret, SECRET_NAME } from '../secrets.ts';
import { type Reader, shorten } from './reader.ts';
import type { BuilderNodeInputs } from './types.ts';

const EXAMPLE =
  'One node a line: its platforms, its address and its options, such as `linux/arm64 tcp://10.0.0.5:1234 cacert=/certs/ca.pem,cert=/certs/cert.pem,key=/certs/key.pem`, `linux/arm64 ssh://user@host` or `linux/arm64 kubernetes:// namespace=build`.';
/** Schemes of addresses, and the driver of buildx that each is for. */
const DRIVERS: Readonly<Record<string, BuilderNodeInputs['driver']>> = {
  tcp: 'remote',
  unix: 'remote',
  'docker-container': 'remote',
  'kube-pod': 'remote',
  npipe: 'remote',
  ssh: 'docker-container',
  kubernetes: 'kubernetes',
};
/** The machine of this job, as a node beside others that are reached by ssh. */
const LOCAL = 'local';

/**
 * The input `builder-nodes`, checked for what buildx refuses: one driver for all nodes, TLS files by absolute paths, `cacert` with any
 * of them, `cert` and `key` together. https://docs.docker.com/build/builders/drivers/remote/
 */
export function readBuilderNodes(reader: Reader): readonly BuilderNodeInputs[] {
  const nodes = reader.lines('builder-nodes').flatMap((line) => readNode(reader, line));
  const drivers = [...new Set(nodes.map(({ driver }) => driver))];
  if (drivers.length > 1) {
    reader.mistake(
      'builder-nodes',
      `mixes nodes of the drivers ${drivers.map((driver) => `\`${driver}\``).join(' and ')}, and a builder has one.`,
      `Reach all nodes in one way: BuildKit (\`tcp://\`), Docker over \`ssh://\` (\`${LOCAL}\` is the Docker of this job), or \`kubernetes://\`.`,
    );
  }
  if (nodes.length > 0 && reader.raw('builder')) {
    reader.mistake('builder-nodes', 'and `builder` both say where to build.', 'Keep one of the two.');
  }
  return nodes;
}

/** An option (`env.NAME=value` of a container or pod) whose value is no path and is or looks like a secret. */
function isSecret(option: string): boolean {
  const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(option) ?? [];
  return value !== '' && !isAbsolute(value) && ((/^env\./.test(name) && SECRET_NAME.test(name)) || looksSecret(value));
}

function readNode(reader: Reader, line: string): readonly BuilderNodeInputs[] {
  const wrong = (problem: string, remedy = EXAMPLE): readonly [] => {
    reader.mistake('builder-nodes', problem, remedy);
    return [];
  };
  const [first = '', address = '', ...options] = line.split(/\s+/);
  const platforms = first.split(',').filter(Boolean);
  const odd = platforms.find((platform) => !/^(?:linux|windows)\/[a-z0-9]+(?:\/v\d+)?$/.test(platform));
  if (odd !== undefined) return wrong(`\`${shorten(odd)}\` is not a platform such as \`linux/arm64\`.`);
  const [, scheme = ''] = /^([a-z][a-z-]*):\/\//.exec(address) ?? [];
  const driver = address === LOCAL ? 'docker-container' : DRIVERS[scheme];
  if (driver === undefined) return wrong(`\`${shorten(address || line)}\` is not the address of a builder.`);
  if (/^[a-z-]+:\/\/[^/@\s]*:[^/@\s]*@/.test(address))
    return wrong(
      'an address has a password in it, which the arguments of docker would show.',
      'Use a key of ssh, or TLS files.',
    );
  const fields = new Map(
    options.flatMap((option) => option.split(',')).map((field) => field.split('=', 2) as [string, string]),
  );
  const secret = options.flatMap((option) => option.split(',')).find(isSecret);
  if (secret !== undefined)
    return wrong(
      `\`${shorten(secret.split('=', 1).join())}\` has a secret, which the arguments of docker would show.`,
      'Leave it out, and give it to BuildKit itself where it runs, or create the builder in a step before and name it in `builder`.',
    );
  const tls = ['cacert', 'cert', 'key'].filter((name) => fields.has(name));
  if (tls.length > 0 && driver !== 'remote') return wrong(`\`${tls.join('`, `')}\` are for \`tcp://\` addresses.`);
  const relative = tls.find((name) => !isAbsolute(fields.get(name) ?? ''));
  if (relative !== undefined)
    return wrong(
      `\`${relative}\` is not an absolute path, and buildx takes no other.`,
      `Write \`${relative}=\${{ github.workspace }}/...\` or \`${relative}=\${{ runner.temp }}/...\`.`,
    );
  if (tls.length > 0 && !fields.has('cacert'))
    return wrong('TLS files are given without `cacert`, which buildx then demands.');
  if (fields.has('cert') !== fields.has('key'))
    return wrong('`cert` and `key` belong together, and one of them is missing.');
  const endpoint = driver === 'kubernetes' || address === LOCAL ? undefined : address;
  return [
    { platforms, driver, options, files: tls.flatMap((name) => fields.get(name) ?? []), ...defined({ endpoint }) },
  ];
}
