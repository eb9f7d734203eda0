import type { JsonObject } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import type { Say } from './say.ts';
import { asObjects, asStrings, containersOf, textOf } from './template.ts';

/** A container's ports, links and names, by the network mode of the task. */
export function checkNetwork(container: JsonObject, path: string, definition: JsonObject, say: Say): void {
  const mode = definition.networkMode;
  if (mode === 'none' && asObjects(container.portMappings).length > 0)
    say(`${path}.portMappings`, 'needs a network, but the network mode is none.', 'Remove it, or use another mode.');
  if (mode === 'awsvpc' && typeof container.hostname === 'string')
    say(`${path}.hostname`, 'is not available with the network mode awsvpc.', 'Remove it.');
  for (const [i, mapping] of asObjects(container.portMappings).entries()) {
    const at = `${path}.portMappings[${i}]`;
    const { containerPort, hostPort } = mapping;
    if (typeof containerPort === 'number' && (containerPort < 1 || containerPort > 65535))
      say(`${at}.containerPort`, `${containerPort} is no port.`, 'Ports are 1 to 65535.');
    if (typeof hostPort === 'number' && (hostPort < 0 || hostPort > 65535))
      say(`${at}.hostPort`, `${hostPort} is no port.`, 'Ports are 1 to 65535; 0, or no hostPort, is any free one.');
    if (
      (mode === 'awsvpc' || mode === 'host') &&
      typeof hostPort === 'number' &&
      hostPort !== containerPort &&
      hostPort !== 0
    ) {
      say(
        `${at}.hostPort`,
        `with the network mode ${mode} it must equal containerPort ${textOf(containerPort)} or be left out.`,
        'Remove hostPort.',
      );
    }
    const range = mapping.containerPortRange;
    if (containerPort === undefined && range === undefined) say(at, 'has no containerPort.');
    if (range !== undefined && (containerPort !== undefined || hostPort !== undefined))
      say(at, 'has a containerPortRange beside single ports.', 'Keep one of them.');
    if (typeof range === 'string' && !isRange(range))
      say(`${at}.containerPortRange`, `\`${range}\` is no range of ports.`, 'Write it as `8000-8010`.');
    const { name } = mapping;
    if (typeof name === 'string' && !/^[a-z0-9_][a-z0-9_-]{0,63}$/.test(name))
      say(`${at}.name`, `\`${name}\` cannot be a port's name.`, 'Use up to 64 small letters, digits, _ and -.');
  }
  const links = asStrings(container.links);
  if (links.length > 0 && mode !== undefined && mode !== 'bridge') {
    say(
      `${path}.links`,
      `links work in bridge mode only, not in ${textOf(mode)}.`,
      'In awsvpc mode containers of a task reach each other at localhost.',
    );
  }
  if (mode === undefined || mode === 'bridge') {
    const names = containersOf(definition).map(({ name }) => textOf(name));
    for (const [i, link] of links.entries()) {
      const [linked = ''] = link.split(':');
      if (names.includes(linked)) continue;
      const meant = didYouMean(linked, names);
      const remedy = meant
        ? `Did you mean \`${meant}\`?`
        : 'Link containers of the task only, as `name` or `name:alias`.';
      say(`${path}.links[${i}]`, `there is no container \`${linked}\`.`, remedy);
    }
  }
  if (mode === 'awsvpc' && asObjects(container.extraHosts).length > 0) {
    say(`${path}.extraHosts`, 'is not available with the network mode awsvpc.', 'Remove it.');
  }
}

function isRange(text: string): boolean {
  const [, first = '', last = ''] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  return first !== '' && Number(first) >= 1 && Number(first) < Number(last) && Number(last) <= 65535;
}
