import type { Json, JsonObject } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import { NAME, type Say } from './say.ts';
import { asObjects, containersOf, isObject, textOf } from './template.ts';

/** Whether what a container mounts is there. */
export function checkMounts(container: JsonObject, path: string, definition: JsonObject, say: Say): void {
  const volumes = asObjects(definition.volumes).map(({ name }) => textOf(name));
  for (const [i, { sourceVolume }] of asObjects(container.mountPoints).entries()) {
    if (typeof sourceVolume !== 'string' || volumes.includes(sourceVolume)) continue;
    const meant = didYouMean(sourceVolume, volumes);
    say(
      `${path}.mountPoints[${i}].sourceVolume`,
      `there is no volume \`${sourceVolume}\`.`,
      meant ? `Did you mean \`${meant}\`?` : 'Declare it under `volumes`.',
    );
  }
  const names = containersOf(definition).map(({ name }) => textOf(name));
  for (const [i, { sourceContainer }] of asObjects(container.volumesFrom).entries()) {
    if (typeof sourceContainer !== 'string' || names.includes(sourceContainer)) continue;
    say(`${path}.volumesFrom[${i}]`, `there is no container \`${sourceContainer}\`.`);
  }
}

const KINDS = [
  'dockerVolumeConfiguration',
  'efsVolumeConfiguration',
  'fsxWindowsFileServerVolumeConfiguration',
  's3filesVolumeConfiguration',
];

/** The volumes that a task declares. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Volume.html */
export function checkVolumes(definition: JsonObject, say: Say): void {
  const volumes = asObjects(definition.volumes);
  for (const [i, volume] of volumes.entries()) {
    const at = `volumes[${i}]`;
    const { name } = volume;
    if (name === undefined) say(`${at}.name`, 'is missing.', 'Containers mount a volume by its name.');
    else if (typeof name === 'string' && !NAME.test(name))
      say(`${at}.name`, `\`${name}\` cannot be a volume's name.`, 'Use letters, digits, hyphens and underscores.');
    const kinds = KINDS.filter((kind) => volume[kind] !== undefined);
    if (kinds.length > 1) say(at, `is of several kinds: ${kinds.join(', ')}.`, 'Keep one of them.');
    checkFileSystem(volume.efsVolumeConfiguration, `${at}.efsVolumeConfiguration`, say);
  }
  if (volumes.filter(({ configuredAtLaunch }) => configuredAtLaunch === true).length > 1) {
    say('volumes', 'several are configured at launch, but a task definition may have one such.', 'Keep one of them.');
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html */
function checkFileSystem(efs: Json | undefined, at: string, say: Say): void {
  if (!isObject(efs)) return;
  const authorization = isObject(efs.authorizationConfig) ? efs.authorizationConfig : {};
  const { accessPointId, iam } = authorization;
  if ((accessPointId !== undefined || iam === 'ENABLED') && efs.transitEncryption !== 'ENABLED') {
    say(
      `${at}.transitEncryption`,
      `must be ENABLED to use ${accessPointId === undefined ? 'IAM authorization' : 'an access point'}.`,
      'Write `"transitEncryption": "ENABLED"`.',
    );
  }
  const { rootDirectory } = efs;
  if (accessPointId !== undefined && typeof rootDirectory === 'string' && rootDirectory !== '/') {
    say(`${at}.rootDirectory`, 'is set by the access point.', 'Remove it, or write "/".');
  }
}
