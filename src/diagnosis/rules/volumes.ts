import { gist } from '../text.ts';
import { AWS_MANAGES, byHost } from './hosts.ts';
import { demandIn, GUIDE, maybe, OF_INSTANCES, OF_TASKS, type Rule } from './rule.ts';

const EFS = `${GUIDE}/efs-volumes.html`;
const fileSystem = (text: string): string | undefined => /\bfs-[0-9a-f]+/.exec(text)?.[0];

/** S3 Files is mounted by the helper of EFS, with its words. */
const kindOf = (text: string): string => (/s3files/i.test(text) ? 'S3 Files' : 'EFS');

/** The reason is cut off before it names what could not be mounted on what. */
const MOUNT_CUT = /rootfs_linux\.go:\d{0,4}[.]{0,3}$/;

/** EFS, EBS, bind mounts and other volumes of the task. */
export const VOLUMES: readonly Rule[] = [
  {
    id: 'volume-permission',
    technology: 'efs',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'volume',
    failure: 'failed',
    match: [/failed to chown (?<path>\S{1,400}?):/i],
    unless: /EFS utils|buildkit/i,
    cause: ({ words: { path } }) =>
      `Docker may not change the owner (chown) of the volume${maybe(path)}: the EFS access point enforces another user.`,
    remedy:
      "Drop PosixUser (the POSIX user) from the EFS access point, or let the image's directory at that path belong to the uid and gid of the access point.",
    link: EFS,
  },
  {
    id: 'efs-mount-target-missing',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'volume',
    failure: 'missing',
    match: [
      /Failed to resolve .{0,80}\.(?:efs|s3files)\.|(?:no|not have an?) (?:\S{1,20} ){0,2}mount targets?\b|mount targets? .{0,60}(?:not found|(?:does|do) not exist)/i,
    ],
    cause: ({ text }) =>
      `The ${kindOf(text)} file system${maybe(fileSystem(text))} has no mount target in the Availability Zone of the task${maybe(/\b([a-z]{3}\d-az\d)\.fs-/.exec(text)?.[1])}, or its name does not resolve in the VPC.`,
    remedy:
      'Create a mount target of the file system in every Availability Zone of the subnets of the service, in the same VPC, check the file system id, and turn on enableDnsSupport and enableDnsHostnames of the VPC. Where only the first tasks of a new stack fail, let the service depend on the mount targets (DependsOn, mountTargetsAvailable).',
    link: EFS,
  },
  {
    id: 'efs-access-denied',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'volume',
    failure: 'denied',
    match: [/(?:efs|nfs4?).{0,500}(?:access denied|AccessDenied|not authorized|permission denied|b?'?Unauthorized)/i],
    cause: ({ text }) =>
      `The ${kindOf(text)} file system${maybe(fileSystem(text))} refused the mount (access denied by its policy or access point).`,
    remedy:
      'With IAM authorization (authorizationConfig.iam ENABLED, which needs transitEncryption) allow elasticfilesystem:ClientMount, ClientWrite (and ClientRootAccess) for the task role, for an S3 Files volume s3files:ClientMount; check the file system policy and the access point.',
    link: EFS,
  },
  {
    id: 'efs-path-missing',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'volume',
    failure: 'missing',
    match: [/(?:efs|nfs4?).{0,500}No such file or directory/i],
    unless: /botocore.{0,40}No such file/i,
    cause: ({ text }) =>
      `The directory to mount does not exist in the ${kindOf(text)} file system${maybe(fileSystem(text))}.`,
    remedy:
      'Create the directory that rootDirectory in efsVolumeConfiguration names, use /, or use an access point that creates it (CreationInfo).',
    link: EFS,
  },
  {
    id: 'efs-network',
    technology: 'efs',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'volume',
    failure: 'unreachable',
    match: [
      /(?:\bEFS\b|nfs4?|mount\.\w|stunnel).{0,900}?(?:refused|reset by peer|timed? ?out|timeout|no route to host|unreachable|deadline exceeded|signal: killed)/i,
    ],
    cause: ({ text }) => {
      const how = mountFailure(text);
      return `The task could not mount the ${kindOf(text)} file system${maybe(fileSystem(text))} over the network (NFS, port 2049): ${how}.`;
    },
    remedy:
      "Allow TCP 2049 into the security group of the EFS mount targets from the task's security group, and out of the latter; have a mount target in the Availability Zone of each subnet. With an App Mesh proxy exclude port 2049 (EgressIgnoredPorts).",
    link: EFS,
  },
  {
    id: 'ebs-attachment-failed',
    technology: 'ebs',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'volume',
    failure: 'timed-out',
    match: [/\bEBS\b.{0,300}time(?:d )? ?out|time(?:d )? ?out.{0,300}\bEBS\b/i],
    cause: 'The EBS volume of the task was not made or attached in time.',
    remedy:
      'ECS tries again with another task. If it comes back, look in CloudTrail for CreateVolume and AttachVolume of that time (by the infrastructure role): EC2 names the reason there, such as a snapshot that is still being restored, or its encryption key.',
    link: `${GUIDE}/ebs-volumes.html`,
  },
  {
    id: 'ebs-attachment-failed',
    technology: 'ebs',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'volume',
    failure: 'failed',
    match: [/\bEBS\b/],
    unless: /time(?:d )? ?out/i,
    cause: ({ text }) => `The EBS volume of the task could not be made or attached: ${text}`,
    remedy:
      'Check the infrastructure role (AmazonECSInfrastructureRolePolicyForVolumes; kms:CreateGrant, kms:Decrypt and kms:GenerateDataKeyWithoutPlaintext for an own key), the snapshot, size and type in volumeConfigurations, and the EBS quotas.',
    link: `${GUIDE}/ebs-volumes.html`,
  },
  {
    id: 'fsx-failed',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'volume',
    failure: 'failed',
    match: [/fsx(?:windows)?(?:fileserver)?\b/i],
    cause: ({ text }) => `The FSx for Windows File Server volume of the task could not be mounted: ${text}`,
    remedy:
      "Check the file system id and root directory, the secret with the credentials and the execution role's access to it, port 445 in the security groups, and that the instance has joined the domain.",
    link: `${GUIDE}/wfsx-volumes.html`,
  },
  {
    id: 'volume-failed',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'conflict',
    match: [
      /\bVOLUME\b.{0,100}(?:instruction|directive|Dockerfile|not (?:supported|allowed)|unsupported)|(?:image|Dockerfile)\b.{0,100}\bVOLUMES?\b.{0,60}(?:not|un)[ -]?(?:supported|allowed)/,
      /(?:anonymous volumes?|volumes? (?:declared|defined|specified) (?:in|by) the image).{0,80}(?:not|un)[ -]?(?:supported|allowed)/i,
    ],
    cause: 'The image declares a volume (VOLUME in its Dockerfile), which this host does not support.',
    remedy: [
      'Remove the VOLUME instruction from the Dockerfile, or build from a base image without it (docker image inspect shows Config.Volumes); then push and ',
      { deploys: 'deploy again' },
      '.',
    ],
    link: `${GUIDE}/using_data_volumes.html`,
  },
  {
    id: 'volume-failed',
    technology: 'efs',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'failed',
    match: [/transport endpoint is not connected|stale (?:NFS )?file handle/i],
    cause:
      'A file system that is mounted on the host of the task is dead there: its server or its mount helper (FUSE, NFS, EFS) is gone, and the path of the volume leads to it.',
    remedy: (found) =>
      byHost(found, {
        ec2: 'Mount it again on that container instance (umount -l PATH, mount PATH), or drain and replace the instance. An EFS volume in the task definition (efsVolumeConfiguration) instead of a host path is mounted by ECS for each task.',
        external: 'Mount it again on the external instance (umount -l PATH, mount PATH) and restart Docker.',
        managed: AWS_MANAGES,
      }),
    link: `${GUIDE}/bind-mounts.html`,
  },
  {
    id: 'volume-failed',
    technology: 'efs',
    nature: 'permanent',
    ...OF_INSTANCES,
    subject: 'volume',
    failure: 'missing',
    match: [
      /(?:bind source path|source path|mount source|host path) (?:does not exist|not found):? ?["']?(?<path>\/[^\s"']{1,300})?/i,
      /error while creating mount source path ["'](?<path>\/[^"']{1,300})["']/i,
    ],
    unless: /EFS utils/i,
    cause: ({ words: { path }, text }) =>
      `The host path${maybe(path)} of a volume does not exist on the container instance and could not be made there${/read-only/i.test(text) ? ': its file system is read-only at that place (Bottlerocket, for one)' : ''}.`,
    remedy: (found) =>
      /read-only/i.test(found.text)
        ? 'Use a host path that is writable on that operating system (below /var, /mnt or /local) in host.sourcePath of `volumes`, or a Docker or EFS volume.'
        : `${byHost(found, {
            ec2: 'Create that directory on every container instance (user data), or correct host.sourcePath in `volumes` of the task definition; a path of a mounted disk or EFS must be mounted before Docker starts.',
            external:
              'Create that directory on every external instance, or correct host.sourcePath in `volumes` of the task definition; a path of a mounted disk must be mounted before Docker starts.',
            managed:
              'Correct host.sourcePath in `volumes` of the task definition, or leave it out: ECS then makes the directory on the instance.',
          })}`,
    link: `${GUIDE}/bind-mounts.html`,
  },
  {
    id: 'volume-failed',
    technology: ['efs', 'ebs'],
    nature: 'permanent',
    ...OF_INSTANCES,
    subject: 'volume',
    failure: 'missing',
    match: [
      /(?:volume )?plugin ["']?(?<driver>[\w./:-]{1,120})["']? (?:not found|not enabled|is disabled)|looking up volume plugin (?<driver>[\w./:-]{1,120}?):/i,
    ],
    cause: ({ words: { driver } }) =>
      `The Docker volume plugin${maybe(driver)} that the task definition names is not installed or not enabled on the container instance.`,
    remedy: (found) =>
      `${byHost(found, {
        ec2: `Install it on every container instance (docker plugin install${maybe(found.words.driver) || ' NAME'}, in the user data), or`,
        external: `Install it on every external instance (docker plugin install${maybe(found.words.driver) || ' NAME'}), or`,
        managed: 'Managed Instances take no plugins: use an EFS or EBS volume, or',
      })} correct dockerVolumeConfiguration.driver in the task definition.`,
    link: `${GUIDE}/docker-volumes.html`,
  },
  {
    id: 'volume-failed',
    technology: 'efs',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'volume',
    failure: 'conflict',
    match: [
      /error creating device nodes: mknod \S{1,300}\/dev\/\S{1,40}: (?:errno 524|operation not (?:supported|permitted)|permission denied)/i,
    ],
    cause:
      'A volume (EFS or another file system that cannot hold device files) is mounted over / or /dev of the container, where the runtime must create devices.',
    remedy:
      'Correct containerPath in mountPoints of the container: mount the volume at a directory of its own (/data), not at / or /dev.',
    link: `${GUIDE}/using_data_volumes.html`,
  },
  {
    id: 'volume-failed',
    technology: 'efs',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'volume',
    failure: 'exhausted',
    match: [/Specified port \[?(?<port>\d{1,5})\]? is unavailable|Failed to locate an available port in the range/i],
    cause:
      'The mount helper of EFS found no free local port on the container instance for its TLS tunnel (stunnel, ports 20049 to 21049 by default): earlier mounts still hold them.',
    remedy: (found) =>
      byHost(found, {
        ec2: 'Drain and replace the container instance, or unmount what no task uses any more (mount | grep efs) and restart amazon-ecs-volume-plugin and amazon-efs-mount-watchdog. Update amazon-efs-utils with the ECS-optimized AMI.',
        external:
          'Unmount what no task uses any more on the external instance (mount | grep efs), and update amazon-efs-utils.',
        managed: AWS_MANAGES,
      }),
    link: EFS,
  },
  {
    id: 'volume-failed',
    technology: 'efs',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'volume',
    failure: 'failed',
    match: [/VolumeDriver\.(?<call>\w{2,20}): (?:(?<driver>[\w-]{2,60}): )?(?<why>[^:].{2,800})/],
    unless:
      /includes invalid characters|invalid characters? .{0,20}in (?:the )?volume name|ecs-[\w.-]{1,255}.{0,60}(?:invalid|illegal|not valid|too long)|name .{0,40}(?:invalid|must)/i,
    cause: ({ text, words: { call, driver, why } }) =>
      EFS_PLUGIN.test(text)
        ? `The EFS volume of the task could not be mounted on the container instance: ${gist(why?.trim().replace(/\.$/, '') ?? '', 300)}.`
        : `The Docker volume plugin${maybe(driver)} on the container instance could not ${call?.toLowerCase() ?? 'prepare'} the volume: ${gist(why?.trim().replace(/\.$/, '') ?? '', 300)}.`,
    remedy: ({ text }) =>
      demandIn(text) ??
      (EFS_PLUGIN.test(text)
        ? 'Check the way to EFS: a mount target of the file system in the Availability Zone of the instance, TCP 2049 allowed from the security group of the instance (of the task with awsvpc) to that of the mount target, and DNS of the VPC. Then efsVolumeConfiguration of the task definition (file system id, access point).'
        : "Check dockerVolumeConfiguration of the task definition (driver, driverOpts, autoprovision) against what the plugin has, and that the volume is in the instance's Availability Zone. The log of the plugin on the container instance (journalctl -u docker) says more."),
    link: `${GUIDE}/docker-volumes.html`,
  },
  {
    id: 'volume-failed',
    nature: 'permanent',
    ...OF_INSTANCES,
    subject: 'volume',
    failure: 'invalid',
    match: [
      /["'](?<path>(?:\.{1,2}\/|~|\w{1,60}\/|\$|[A-Z]:\\)[^"'\n]{0,300})["'] includes invalid characters for a local volume name/,
    ],
    cause: ({ words: { path } }) =>
      `The host path of a volume (sourcePath) is not absolute: ${path}. Docker takes what does not begin with / for the name of a volume, and this is none.`,
    remedy:
      'Write the absolute path of the folder or file on the container instance (/ecs/app.conf; relative paths of a compose file mean nothing there), and put the file on each instance. A file that belongs to the application is better copied into the image.',
    link: `${GUIDE}/bind-mounts.html`,
  },
  {
    id: 'volume-failed',
    nature: 'permanent',
    ...OF_INSTANCES,
    subject: 'volume',
    failure: 'invalid',
    match: [
      /HostConfigError: Unable to resolve volume mounts; invalid path: (?<path>[^\n]{0,200}?) ?-> ?(?<to>\/\S{0,200})/,
    ],
    cause: ({ words: { to } }) =>
      `The ECS agent found no source for the volume that is mounted at ${to ?? 'a path of the container'}: for a volume without host path it makes one on the instance first, and that was not made.`,
    remedy:
      'Compare the entry of `volumes` with that mount (name, host.sourcePath). Where the same task definition runs elsewhere, see on that instance the log of the agent (/var/log/ecs/ecs-agent.log) and of Docker, and the free space of its storage (docker info, df); then replace the instance.',
    link: `${GUIDE}/bind-mounts.html`,
  },
  {
    id: 'volume-failed',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'volume',
    failure: 'invalid',
    match: [
      /invalid (?:mount|volume) (?:path|specification|destination):? ?['"]?(?<path>[^'"\s]{1,300})['"]?.{0,200}absolute|mount path must be absolute|invalid volume specification: ?['"]?(?<spec>[^'"]{1,300})|mount destination (?<path>\S{1,300}) not absolute/i,
    ],
    cause: ({ text, words }) =>
      words.spec
        ? `Docker cannot read the mount ${words.spec} of the container: the path on the host (sourcePath) or in the container (containerPath) is not an absolute path of its operating system.`
        : `The path${maybe(/mount path:? ?['"](?<path>[^'"]{1,300})/i.exec(text)?.groups?.path ?? words.path)} at which a volume is mounted in the container is not absolute.`,
    remedy: ({ words }) =>
      words.spec
        ? 'Write sourcePath of the volume and containerPath in mountPoints as absolute paths: /data on Linux, C:\\data with the backslash on Windows (in JSON C:\\\\data), without a colon behind it.'
        : 'Let containerPath in mountPoints of the container begin with / (/app, not app or ./app).',
    link: `${GUIDE}/using_data_volumes.html`,
  },
  {
    id: 'ebs-attachment-failed',
    technology: 'ebs',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'volume',
    failure: 'missing',
    match: [/InvalidSnapshot\.NotFound|snapshot ['"]?(?<snapshot>snap-\w{1,30})['"]? does not exist/i],
    cause: ({ text }) =>
      `The snapshot${maybe(/snap-\w{1,30}/.exec(text)?.[0])} of the EBS volume of the task does not exist in this Region, or is not shared with this account.`,
    remedy:
      'Correct snapshotId in volumeConfigurations of the service (managedEBSVolume), or copy the snapshot into the Region and account of the service.',
    link: `${GUIDE}/ebs-volumes.html`,
  },
  {
    id: 'volume-failed',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'volume',
    failure: 'conflict',
    match: [/Duplicate mount point:? ?["']?(?<path>\/[^\s"']{1,300})/i],
    cause: ({ words: { path } }) => `Two entries mount something at the same path${maybe(path)} of the container.`,
    remedy: 'Keep one entry with that containerPath in mountPoints (and volumesFrom) of the container definition.',
    link: `${GUIDE}/using_data_volumes.html`,
  },
  {
    id: 'volume-failed',
    nature: 'permanent',
    ...OF_INSTANCES,
    subject: 'volume',
    failure: 'invalid',
    match: [
      /["']?(?<name>ecs-[\w.-]{1,255})["']?.{0,40}(?:includes invalid characters|invalid (?:volume )?name|name is (?:invalid|not valid|too long))|(?:volume name|VolumeDriver\.Create).{0,200}(?<name>ecs-[\w.-]{1,255})?.{0,60}(?:invalid|illegal|not valid|too long|must (?:match|contain|start|consist))/i,
      /VolumeDriver\.Create: .{0,120}?(?<name>ecs-[\w.-]{1,255}).{0,500}?invalid characters? .{0,20}in (?:the )?volume name/i,
    ],
    cause: ({ words: { name } }) =>
      `The volume driver refuses the name that ECS makes for a volume of scope task${name ? ` (${name})` : ''}.`,
    remedy:
      'Set dockerVolumeConfiguration.scope to shared with autoprovision true in the task definition: the driver then gets the name of the volume as it is written there.',
    link: `${GUIDE}/docker-volumes.html`,
  },
  {
    id: 'volume-failed',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'conflict',
    match: [/cannot mount volume over existing file/i],
    cause: ({ text }) =>
      `A volume is to be mounted${maybe(fileIn(text) && `at ${fileIn(text)}`)}, which is a file in the image: a volume takes the place of a folder.`,
    remedy:
      'Name a folder instead of the file: in VOLUME of the Dockerfile (or of its base image), or in containerPath of mountPoints where the task definition mounts it.',
    link: `${GUIDE}/using_data_volumes.html`,
  },
  {
    id: 'volume-failed',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'volume',
    failure: 'conflict',
    match: [
      /(?:mount(?:ing)?|rootfs).{0,900}?(?:(?<parent>read-only file ?system)|(?<kind>not a directory|is a directory|(?:are you trying to )?mount a directory onto a file|file exists))/i,
    ],
    unless: /EFS|nfs|buildkit|failed to solve/i,
    cause: ({ words: { parent }, text }) =>
      parent
        ? `The mount point${maybe(mountPoint(text))} cannot be created in the container: its parent directory is read-only (a read-only mount or root file system).`
        : `A volume cannot be mounted${maybe(mountPoint(text) ? `at ${mountPoint(text)}` : undefined)}: one side is a file and the other a directory.`,
    remedy: ({ words: { parent } }) =>
      parent
        ? 'Create that directory in the image, or do not mount below a read-only mount (readOnly in mountPoints) of another volume.'
        : 'Let sourcePath of the volume and containerPath in mountPoints both be directories, or both files that exist: a host path that does not exist is created as a directory.',
    link: `${GUIDE}/using_data_volumes.html`,
  },
  {
    id: 'volume-failed',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'volume',
    failure: 'timed-out',
    match: [/unable to copy contents to volume on host.{0,200}(?:deadline exceeded|timed? ?out)/i],
    cause:
      'What the image has at the place of a volume (VOLUME of its Dockerfile, or a mount point) could not be copied into the volume in time.',
    remedy: [
      '',
      { deploys: 'Deploy again' },
      ': most often the host was slow. If it repeats, remove VOLUME from the Dockerfile, or mount the volume at a directory that is empty in the image.',
    ],
    link: `${GUIDE}/using_data_volumes.html`,
  },
  {
    id: 'volume-failed',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'volume',
    failure: 'failed',
    match: [
      /CannotCreateVolumeError|CannotInspectVolumeError|InvalidVolumeError|initialize volume:|volume detection failed/,
      /(?:error while )?mounting volume .{0,300}|error (?:mounting|while creating mount source path)|failed to mount local volume|rootfs_linux\.go:\d{1,4}: mounting|container init caused[\\" :]{1,12}rootfs_linux\.go:\d{0,4}[.]{0,3}$/i,
    ],
    unless: /buildkit|failed to solve|register layer/i,
    cause: ({ text }) =>
      `A volume of the task could not be made or mounted${MOUNT_CUT.test(text) ? '; ECS shortens the reason before its end' : ''}: ${text}`,
    remedy: ({ reading, text }) => {
      if (reading.launch !== 'FARGATE')
        return 'Check volumes and mountPoints of the task definition: the path on the host, the driver plugin on the container instance, and that a file is not mounted onto a directory.';
      if (MOUNT_CUT.test(text))
        return 'Read the rest of the reason in describe-tasks (containers[].reason), and check what the file system of the volume has at that path: root directory, owner (uid, gid) and permissions. Then see that containerPath of each mount point is a directory in the image and no file; try without the volume.';
      return [
        'Check volumes and mountPoints of the task definition: Fargate has no host paths and no Docker volume plugins',
        { for: 'efs', words: '; use an EFS volume or an empty one' },
        '.',
      ];
    },
    link: `${GUIDE}/using_data_volumes.html`,
  },
];

/** ECS's own plugin on container instances is for EFS alone: https://github.com/aws/amazon-ecs-agent (ecs-init/volumes) */
const EFS_PLUGIN = /amazon-ecs-volume-plugin/;

/** The path inside the container, without the place of the root file system on the host. */
const mountPoint = (text: string): string | undefined =>
  /(?:rootfs|merged)[^"'\s]{0,20}\\*["']? at \\*["'](?:\/\S{0,200}?\/(?:merged|rootfs))?(?<path>\/[^\\"'\s]{1,200})/.exec(
    text,
  )?.groups?.path;

/** The file in the image that stands where a volume is to be. */
const fileIn = (text: string): string | undefined =>
  /existing file.{0,200}?\/(?:merged|rootfs)(?<path>\/[^\\"'\s]{1,200})/.exec(text)?.groups?.path;

function mountFailure(text: string): string {
  if (/refused/i.test(text)) return 'the connection was refused';
  if (/reset/i.test(text)) return 'the connection was reset';
  if (/time/i.test(text)) return 'it timed out';
  return 'the mount failed';
}
