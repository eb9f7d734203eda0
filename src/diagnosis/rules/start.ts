import { of } from '../say.ts';
import { gist } from '../text.ts';
import { AWS_MANAGES, byHost, hostName, onHosts } from './hosts.ts';
import { type Found, first, GUIDE, maybe, OF_FARGATE, OF_INSTANCES, OF_TASKS, type Rule } from './rule.ts';

const CREATE = `${GUIDE}/CannotCreateContainerError.html`;
/** A layer sets an attribute beside the permissions of a file. */
const XATTR = /\bl?(?:set|get)?xattr\b/i;

const START = `${GUIDE}/cannot-start-container.html`;

/** Which setting of the container the runtime means, and what to do about it. */
const SETTINGS: readonly { readonly match: RegExp; readonly name: string; readonly remedy: string }[] = [
  {
    match: /custom device|device information|\/dev\//i,
    name: 'a device (linuxParameters.devices)',
    remedy: 'Remove that device from linuxParameters.devices, or use instances that have it.',
  },
  {
    match: /capabilit/i,
    name: 'a capability (linuxParameters.capabilities)',
    remedy: 'Correct the name in linuxParameters.capabilities (without CAP_), or drop it.',
  },
  {
    match: /sysctl/i,
    name: 'a kernel parameter (systemControls)',
    remedy: 'Remove it from systemControls, or use a network mode in which it belongs to the container (awsvpc).',
  },
  {
    match: /memory/i,
    name: 'the memory limit',
    remedy: 'Raise memory of the container (at least 6 MiB), and keep memoryReservation below it (input `memory`).',
  },
  {
    match: /network mode|hostname|links?\b/i,
    name: 'a network setting (networkMode, hostname, links)',
    remedy: 'Remove the setting that does not fit the network mode of the task definition.',
  },
];
const NO_GROUP = /group file|no groups found/i;
const settingOf = (text: string) => SETTINGS.find(({ match }) => match.test(text));

/** What happens between the pull and the first line of the program. */
export const START_OF_CONTAINER: readonly Rule[] = [
  {
    id: 'container-config-invalid',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'task-definition',
    failure: 'invalid',
    match: [
      /sysctl ["'](?<parameter>[\w./-]{1,120})["'].{0,80}(?:namespace|not allowed|not permitted|unknown|unsafe)/i,
      /write sysctl key (?<parameter>[\w./-]{1,120})/i,
      /\/proc\/sys\/(?<parameter>[\w./-]{1,120}?)["']?:? .{0,40}(?:no such file|permission denied|read-only|invalid argument)/i,
    ],
    cause: ({ words: { parameter } }) =>
      `The kernel parameter${maybe(parameter)} (systemControls) cannot be set: the namespace of the container does not have it, or the kernel does not let a container set it.`,
    remedy: (found) =>
      found.reading.launch === 'FARGATE'
        ? 'Remove it from systemControls of the container: Fargate allows only the parameters that its documentation lists (net.* and ipc ones of the task).'
        : `Remove it from systemControls of the container. net.* parameters need networkMode ${byHost(found, {
            ec2: 'awsvpc or bridge (not host); what has no namespace (vm.*, fs.*) is set on the container instance (sysctl in its user data).',
            external: 'bridge (not host); what has no namespace (vm.*, fs.*) is set on the external instance (sysctl).',
            managed: 'awsvpc (not host); what has no namespace (vm.*, fs.*) cannot be set on Managed Instances.',
          })}`,
    link: START,
  },
  {
    id: 'container-config-invalid',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'task-definition',
    failure: 'invalid',
    match: [
      /apply (?:the )?(?<profile>apparmor|seccomp) profile|(?<profile>apparmor|seccomp|selinux)\b.{0,80}(?:failed|not (?:found|loaded|supported|enabled)|unable to|error)/i,
    ],
    cause: ({ words: { profile } }) =>
      `The ${profile?.toLowerCase() ?? 'security'} profile of the container could not be applied on its host.`,
    remedy: (found) =>
      `Correct or remove that entry of dockerSecurityOptions of the container; if it has none, the security modules of the container instance are in a bad state${byHost(found, { ec2: ': replace it with one of the current ECS-optimized AMI.', external: '.', managed: `. ${AWS_MANAGES}` })}`,
    link: START,
  },
  {
    id: 'container-create-failed',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'task-definition',
    failure: 'missing',
    match: [/no command specified/i],
    cause: 'The image has neither CMD nor ENTRYPOINT, and the container definition names no command.',
    remedy: 'Give `command` (input `command`) or entryPoint in the container definition, or CMD in the Dockerfile.',
    link: CREATE,
  },
  {
    id: 'container-create-failed',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'failed',
    transient: true,
    match: [/cannot join network of a non running container:? ?(?<other>[0-9a-f]{12,64})\b/i],
    cause:
      "The container whose network this one joins was not running any more. With networkMode awsvpc that is the ECS agent's own pause container, which holds the network of the task: it ended or was removed, as a rule by Docker or its restart on the instance.",
    remedy: onHosts({
      ec2: 'ECS starts the task again. If it comes back, look at docker ps -a and the logs of Docker and the ECS agent (/var/log/ecs) on that container instance for why amazon-ecs-pause ended (docker restart, prune, memory), then replace the instance. Only with `links` or networkMode container:... look at the container that is named there.',
      external:
        'ECS starts the task again. If it comes back, look at docker ps -a and the logs of Docker and the ECS agent (/var/log/ecs) on the external instance: Docker was restarted, or the other container of the task ended first.',
      managed: AWS_MANAGES,
    }),
    link: START,
  },
  {
    id: 'container-create-failed',
    nature: 'symptom',
    ...OF_TASKS,
    subject: 'container',
    failure: 'failed',
    match: [
      /(?:link to|join (?:the )?(?:network|ipc|pid)(?: namespace)? of) a non running container:? ?(?<other>[\w./-]{0,255})/i,
      /cannot (?:link to|join .{1,40} of) (?<other>[\w./-]{1,255}), (?:as it|which) .{0,40}not running/i,
    ],
    cause: ({ words: { other } }) =>
      `Another container that this one is linked to or shares its network with${maybe(other?.slice(0, 80))} was not running any more.`,
    remedy:
      'Look at the other containers of the task first: the exit code and log of the one that ended are the cause. With `links` add dependsOn (condition START or HEALTHY).',
    link: START,
  },
  {
    id: 'container-config-invalid',
    nature: 'permanent',
    ...OF_INSTANCES,
    subject: 'task-definition',
    failure: 'invalid',
    match: [/cannot set [ug]id to unmapped (?:user|group) in user namespace|(?:uid|gid) \d{1,10} .{0,40}not mapped/i],
    cause:
      'The user or group id of the container is outside the range that the user namespace of the Docker daemon maps (userns-remap).',
    remedy:
      'Use a smaller uid and gid (`user` in the container definition, USER in the Dockerfile), or widen /etc/subuid and /etc/subgid on the container instance.',
    link: START,
  },
  {
    id: 'gpu-runtime-missing',
    technology: 'gpu',
    nature: 'permanent',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'missing',
    match: [/nvidia-container-cli: device error: (?<device>[\w,-]{1,120}): unknown device/i],
    cause: ({ words: { device } }) =>
      `The container asks for the GPU ${device ?? ''}, which this instance does not have, or no longer shows (a device that has failed disappears).`,
    remedy:
      'Compare with nvidia-smi -L on that instance. Let ECS choose the device (resourceRequirements with type GPU; no NVIDIA_VISIBLE_DEVICES with numbers in image or `environment`), run it on an instance type with that many GPUs, and replace an instance that has lost one.',
    link: START,
  },
  {
    id: 'gpu-runtime-missing',
    technology: 'gpu',
    nature: 'permanent',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'missing',
    match: [
      /(?<library>libnvidia-ml\.so(?:\.\d)?|libcuda\.so(?:\.\d)?): cannot open shared object/i,
      /(?<runtime>unknown or invalid runtime name: nvidia|unknown runtime specified nvidia|no such runtime:? nvidia)/i,
      /nvidia-container-(?:runtime|cli|toolkit)\S{0,40}(?:"|:)? .{0,40}executable file (?<tool>not found)/i,
      /nvidia-container-cli: .{0,200}ldconfig(?<linker>\.real)?:? .{0,20}no such file/i,
      /(?<cdi>failed to (?:inject|stat) CDI|unresolvable CDI devices)/i,
    ],
    cause: ({ words: { library, linker, cdi } }) => {
      if (library) return `The container instance has no NVIDIA driver: its library ${library} is not there.`;
      if (cdi)
        return 'The list of GPU devices on the container instance (CDI specification, /etc/cdi or /var/run/cdi) does not fit the instance: it names a device that is not there, or misses the one that is asked for.';
      return `The container instance has no working NVIDIA container toolkit: ${linker ? 'it is configured for another operating system (ldconfig.real exists on few)' : 'Docker knows no runtime nvidia'}.`;
    },
    remedy: (found) =>
      byHost(found, {
        ec2: `Run the task on instances of the GPU-optimized ECS AMI (driver, container toolkit and ECS_ENABLE_GPU_SUPPORT come with it). On an AMI of your own ${ownGpu(found.words)}. A task that needs no GPU: remove resourceRequirements.`,
        external: `On the external instance ${ownGpu(found.words)}; register it with --enable-gpu.`,
        managed: AWS_MANAGES,
      }),
    link: `${GUIDE}/ecs-gpu.html`,
  },
  {
    id: 'docker-storage-error',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'failed',
    match: [/structure needs cleaning|EUCLEAN/i],
    unless: /nfs|EFS|mount\.|rootfs at/i,
    cause:
      'The file system of the container instance on which Docker keeps images and containers is damaged (structure needs cleaning): a fault of the disk or file system, not of the image or the task definition.',
    remedy: onHosts({
      ec2: 'Drain and terminate that container instance (aws ecs update-container-instances-state --status DRAINING), so that the Auto Scaling group starts a new one: the tasks go elsewhere. To keep it, unmount the volume and repair it (xfs_repair, fsck).',
      external:
        'Drain the external instance, stop Docker, and repair the file system of /var/lib/docker (xfs_repair, fsck); check the disk itself (dmesg, smartctl).',
      managed: AWS_MANAGES,
    }),
    link: CREATE,
  },
  {
    id: 'container-start-failed',
    nature: 'permanent',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'conflict',
    match: [
      /(?:runc|docker|container runtime)\b.{0,60}(?:doesn't|does not) (?:work on|support) cgroups? ?v?2|cgroup(?:s|v2)? .{0,40}(?:version|v2) .{0,40}not supported/i,
      /client version [\d.]{2,6} is too (?:new|old)|(?:minimum|maximum) supported API version/i,
      /unshare: operation not permitted/i,
      /error adding seccomp (?:filter )?rule|(?<selinux>\/attr\/(?:keycreate|exec|current): (?:invalid argument|operation not))|(?<oom>oom_score_adj: permission denied|setting oom score)/i,
    ],
    unless: /(?:exec|entrypoint|command) .{0,40}unshare/i,
    cause: ({ text, words: { selinux, oom } }) => {
      if (selinux)
        return 'The container runtime could not set the SELinux label of the container: the SELinux policy for containers on the instance is missing or older than its Docker.';
      if (oom)
        return 'The container runtime may not set the OOM score of the container: Docker on the instance runs without the rights of root over its processes (rootless, or inside a container).';
      if (/seccomp/i.test(text))
        return 'The container runtime could not load its seccomp filter: Docker or libseccomp of the container instance is older than the system call that the filter names, or than the kernel.';
      if (/unshare/i.test(text))
        return 'The Docker daemon of the host may not make a namespace (unshare): it runs inside a container or under a policy (seccomp, user.max_user_namespaces) that forbids it. Neither the image nor the task definition is the reason.';
      return /API version|client version/i.test(text)
        ? 'The ECS agent and the Docker of the container instance speak versions of the Docker API that do not fit: one of them is too old.'
        : 'The container runtime (runc) of the container instance is older than its operating system: it does not know cgroups v2.';
    },
    remedy: (found) =>
      byHost(found, {
        ec2: `Replace the container instances by ones of a current ECS-optimized AMI, whose kernel, Docker, runc and ECS agent fit; on an AMI of your own update ${found.words.selinux ? 'container-selinux' : 'Docker (20.10 or newer), libseccomp'} and the ECS agent together.`,
        external: /unshare|oom/i.test(found.text)
          ? 'Run Docker and the ECS agent on the machine itself and not in a container, and allow user and mount namespaces there.'
          : 'Update Docker (20.10 or newer) and the ECS agent of the external instance together.',
        managed: AWS_MANAGES,
      }),
    link: `${GUIDE}/ecs-optimized_AMI.html`,
  },
  {
    id: 'gpu-runtime-missing',
    technology: 'gpu',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'failed',
    transient: true,
    match: [
      /nvidia-container-cli: (?:initialization|detection|driver|mount|ldcache) error|driver rpc error|driver not loaded|nvml error|driver\/library version mismatch/i,
    ],
    cause: ({ text }) =>
      `The NVIDIA driver of the GPU instance does not answer${/timed out/i.test(text) ? ' (timed out)' : ''}: ${/nvidia-container-cli: [^\n]{1,120}|nvml error[^\n]{0,80}/i.exec(text)?.[0] ?? 'it is not ready'}.`,
    remedy: onHosts({
      ec2: 'Restart or replace the container instance; if all do so, update to a current GPU-optimized ECS AMI (driver and kernel must fit).',
      external: 'Restart the external instance; if all do so, update its NVIDIA driver (driver and kernel must fit).',
      managed: AWS_MANAGES,
    }),
    link: `${GUIDE}/ecs-gpu.html`,
  },
  {
    id: 'gpu-runtime-missing',
    technology: 'gpu',
    nature: 'permanent',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'conflict',
    match: [/unsatisfied condition: (?<need>[\w.<>= ]{2,60}), please update your driver/i],
    cause: ({ words: { need } }) =>
      `The image needs a newer NVIDIA driver than the GPU instance has${need ? ` (${need.trim()})` : ''}.`,
    remedy: onHosts({
      ec2: 'Use a current GPU-optimized ECS AMI, whose driver supports that CUDA version, or build the image on an older CUDA base image.',
      external: 'Update the NVIDIA driver of the external instance, or build the image on an older CUDA base image.',
      managed: 'Build the image on an older CUDA base image: AWS updates the driver of Managed Instances.',
    }),
    link: `${GUIDE}/ecs-gpu.html`,
  },
  {
    id: 'container-config-invalid',
    nature: 'permanent',
    ...OF_INSTANCES,
    subject: 'task-definition',
    failure: 'conflict',
    match: [/conflicting options: (?<option>[\w ]{3,60}?) and the (?:container type )?network mode/i],
    cause: ({ words: { option }, text }) =>
      `The network mode of the container does not allow this setting: ${option?.trim() ?? text}.`,
    remedy: ({ words: { option } }) =>
      `Remove ${
        /port|hostname/i
          .exec(option ?? '')?.[0]
          .toLowerCase()
          .replace('port', 'portMappings') ?? 'it'
      } from the container definition, or change networkMode of the task definition to bridge or awsvpc.`,
    link: CREATE,
  },
  {
    id: 'container-config-invalid',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'task-definition',
    failure: 'invalid',
    match: [/invalid hostname(?: format)?: ?["']?(?<hostname>[^\s"']{1,255})/i],
    cause: ({ words: { hostname } }) => `The \`hostname\` of the container${maybe(hostname)} is not a valid host name.`,
    remedy:
      'Write letters, digits and hyphens only, at most 63 characters, in `hostname` of the container definition, or remove it.',
    link: CREATE,
  },
  {
    id: 'container-config-invalid',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'task-definition',
    failure: 'invalid',
    match: [
      /(?:unknown|invalid) (?:capability|CapAdd|CapDrop):? ?["']?(?<capability>(?!unknown\b|invalid\b)\w{1,60})/i,
    ],
    cause: ({ words: { capability } }) =>
      `The capability${maybe(capability)} in linuxParameters.capabilities of the container does not exist.`,
    remedy:
      'Correct the name in linuxParameters.capabilities (as ECS lists them, without CAP_: NET_ADMIN, SYS_PTRACE), or remove it.',
    link: CREATE,
  },
  {
    id: 'container-config-invalid',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'task-definition',
    failure: 'denied',
    match: [/unable to apply (?:caps|bounding set)|can't apply capabilities|error dropping capabilit/i],
    cause:
      'The container runtime could not give the container the capabilities that its definition asks for: the host itself does not have them (Docker without the rights of root, or inside a container), or its kernel does not know one.',
    remedy: ({ reading: { launch } }) =>
      `Remove what the container does not need from linuxParameters.capabilities.add${launch === 'FARGATE' || launch === 'MANAGED_INSTANCES' ? ' (Fargate and Managed Instances give SYS_PTRACE and few others)' : ', and run Docker of the instance as root and not in a container'}.`,
    link: START,
  },
  {
    id: 'container-limit-refused',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'task-definition',
    failure: 'denied',
    match: [/error setting rlimits?\b.{0,80}|rlimit type \d+/i],
    cause: ({ text }) =>
      `The host does not allow a limit that \`ulimits\` of the container asks for${limitName(/type (\d+)/.exec(text)?.[1])}.`,
    remedy: ({ reading: { launch } }) =>
      `Lower that entry of \`ulimits\` in the container definition to what the host allows${launch === 'FARGATE' || launch === 'MANAGED_INSTANCES' ? '.' : ', or raise the limit of the Docker daemon on the instance.'}${launch === 'FARGATE' || launch === undefined ? ' Fargate allows only nofile.' : ''}`,
    link: START,
  },
  {
    id: 'container-limit-refused',
    nature: 'permanent',
    ...OF_INSTANCES,
    subject: 'task-definition',
    failure: 'exhausted',
    match: [/Range of CPUs is from [\d.]{1,8} to (?<max>[\d.]{1,8})/i],
    cause: ({ words: { max } }) =>
      `The container asks for more CPUs than the container instance has${max ? ` (${max})` : ''}.`,
    remedy: (found) =>
      `Lower cpu of the container or task (input \`cpu\`), or use ${byHost(found, { ec2: 'a larger instance type', external: 'a larger machine', managed: 'a capacity provider whose instanceRequirements give larger instances' })}: fewer CPU units, or more vCPUs.`,
    link: CREATE,
  },
  {
    id: 'docker-timeout',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'failed',
    match: [/\bCgroupError\b|gent could not create (?:the )?task(?:'s)? platform resources/i],
    cause: (found) =>
      `The ECS agent on the ${hostName(found)} could not make the cgroup of the task, so none of its containers was started; why stands in the log of the agent.`,
    remedy: onHosts({
      ec2: 'Read /var/log/ecs/ecs-agent.log on that instance for the reason. Usual ones: the memory controller of cgroups is off, or Docker and agent are too old for the cgroups version of the operating system. Update them (a current ECS-optimized AMI), or set ECS_ENABLE_TASK_CPU_MEM_LIMIT=false in /etc/ecs/ecs.config.',
      external:
        'Read /var/log/ecs/ecs-agent.log on that machine for the reason. Usual ones: the memory controller of cgroups is off (cgroup_enable=memory on the kernel command line), or Docker and agent are too old for its cgroups version. Update them, or set ECS_ENABLE_TASK_CPU_MEM_LIMIT=false in /etc/ecs/ecs.config.',
      managed: AWS_MANAGES,
    }),
    link: `${GUIDE}/ecs-agent-config.html`,
  },
  {
    id: 'docker-timeout',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'crashed',
    transient: true,
    match: [
      /getting the final child's pid|unable to retrieve OCI runtime error(?!.{0,300}nvidia)|(?:synchroni[sz]e with container process|containerd-shim|ttrpc|shim(?: task)?)\b.{0,80}(?:\bEOF\b|closed|exited|signal: killed)|(?:setting|applying) cgroup config.{0,200}(?:no such file|devices|EOF|cgroupv2|invalid state)|cannot allocate memory: unknown|(?:Cannot(?:Create|Start|Inspect|Pull)\w{0,20}Error|fork\/exec|re-exec).{0,200}cannot allocate memory|runc did not terminate successfully|cgroup mountpoint does not exist|unable to apply cgroup configuration|bpf_prog_query|create new shim socket|(?:setting|applying) cgroup config.{0,200}(?:invalid argument|failed to write)(?!.{0,200}memory\.)|container with id exists|cgroup (?:create|resource)|unable to create cgroup|cannot stop container: .{0,120}did not receive an exit event|CannotCreateContainer.{0,60}No such container/i,
    ],
    unless:
      /exec: |executable file|memory\.(?:limit_in_bytes|max)\b|CannotGetDockerClient|connect to the Docker daemon/i,
    cause: ({ text }) =>
      `The container runtime of the container instance failed ${/CannotStopContainer|cannot stop/i.test(text) ? 'to stop the container' : 'before it could start the program'}: as a rule a fault of the instance (its memory, kernel, cgroups or Docker), or a memory limit of the container that is too low even to start it.`,
    remedy: onHosts({
      ec2: 'ECS tries again. If it comes back, look at memory and kernel log of the instance (dmesg) and raise `memory` of the container where it is only some MiB; then replace the container instance with one of the current ECS-optimized AMI.',
      external:
        'ECS tries again. If it comes back, look at memory and kernel log of the external instance (dmesg) and raise `memory` of the container where it is only some MiB.',
      managed: `ECS tries again. If it comes back, raise \`memory\` of the container where it is only some MiB. ${AWS_MANAGES}`,
    }),
    link: START,
  },
  {
    id: 'container-start-failed',
    nature: 'ambiguous',
    ...OF_FARGATE,
    subject: 'host',
    failure: 'failed',
    transient: true,
    match: [
      /\brunc not installed\b|\bshim error\b|ttrpc: closed|shim disconnected|containerd: .{0,80}(?:closed|unavailable|not running)/i,
    ],
    cause:
      'The host that Fargate gave the task failed before it could start the program: neither the image nor the task definition is the reason.',
    remedy:
      'ECS starts another task on another host. If it comes back, see AWS Health for Fargate in that Region, and open a support case with the ARN of the task.',
    link: START,
  },
  {
    id: 'container-create-failed',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'container',
    failure: 'missing',
    transient: true,
    match: [/failed to create container model: image (?<image>\S{1,300}?):? not found/i],
    cause: ({ words: { image } }) =>
      `The host no longer had the image${maybe(image)} when the container was to be created, although it was pulled before.`,
    remedy: [
      'Once is harmless: ECS starts another task, which pulls the image again. If it comes back with the same image, push it again under another tag and ',
      { deploys: 'deploy that one' },
      '.',
    ],
    link: CREATE,
  },
  {
    id: 'container-create-failed',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'container',
    failure: 'missing',
    transient: true,
    match: [/CannotCreateContainer.{0,120}No such image/i],
    cause: ({ text }) =>
      `The image${maybe(/No such image: ?(\S{1,300})/i.exec(text)?.[1])} was gone from the container instance when the container was to be created: image cleanup or a prune removed it after the pull.`,
    remedy:
      'ECS tries again with a new pull. If it comes back, do not run docker prune on the instance, and raise ECS_IMAGE_MINIMUM_CLEANUP_AGE of the agent or give the instance a larger disk.',
    link: CREATE,
  },
  {
    id: 'container-config-invalid',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'task-definition',
    failure: 'invalid',
    match: [
      /\bchdir\b.{0,40}\("?(?<directory>[^"')]{1,300})"?\)|working directory ["']?(?<directory>\/[^"'\s]{1,300})["']? .{0,60}(?:does not exist|not found|no such|permission denied)/i,
    ],
    cause: ({ words: { directory }, text }) =>
      `The working directory${maybe(directory)} of the container ${/permission denied/i.test(text) ? 'may not be entered by its user' : 'does not exist in the image'}.`,
    remedy: ({ words: { directory } }) =>
      `Correct workingDirectory in the container definition, or create${maybe(directory) || ' it'} in the Dockerfile (WORKDIR) for the user of the container. A volume mounted over it hides what the image has there.`,
    link: START,
  },
  {
    id: 'container-config-invalid',
    technology: 'secrets-manager',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'task-definition',
    failure: 'invalid',
    match: [/\bsetenv\b|invalid environment variable|argument list too long|error setting env/i],
    cause: ({ text }) =>
      /too long/i.test(text)
        ? 'The environment variables and arguments of the container are too long together for the kernel.'
        : 'The container has an environment variable whose name or value the runtime does not accept (an empty name, a = in the name, or a NUL character).',
    remedy: ({ text }) =>
      /too long/i.test(text)
        ? 'Let the application read large values (certificates, JSON) from Secrets Manager, S3 or a file of the image instead of `environment` and `secrets`.'
        : 'Correct the entry of `environment`, `secrets` or the environment file (inputs `environment-variables`, `secrets`, `env-files`): names without = and spaces, values without NUL.',
    link: START,
  },
  {
    id: 'container-create-failed',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'container',
    failure: 'conflict',
    match: [/container name "?(?<taken>[^"\s]{1,255})"? is already in use/i],
    cause: ({ words: { taken } }) =>
      `A container of the name${maybe(taken)} is left on the container instance, so Docker does not create another.`,
    remedy:
      'Remove the old container on that instance (docker rm -f NAME), or replace the instance; a current ECS agent cleans up by itself.',
    link: CREATE,
  },
  {
    id: 'entrypoint-not-executable',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'container',
    failure: 'failed',
    match: [
      /exec:? \\?["']?(?<folder>[^\s"'\\:]+)\\?["']?:? is a directory/i,
      /exec(?:ve)?:? (?!user process)\\?["']?(?<program>[^\s"'\\:]+)\\?["']?:? .{0,40}permission denied/i,
      /exec user process caused:? .{0,10}permission denied/i,
      /(?:starting|start) container process\b[^\n]{0,40}\bexec\b.{0,200}permission denied/i,
    ],
    cause: ({ words: { program, folder } }) =>
      folder !== undefined || program?.endsWith('/')
        ? `The command ${folder ?? program} of the container is a folder, which cannot be executed.`
        : `The command${maybe(program)} of the container may not be executed (permission denied).`,
    remedy: ({ words: { program, folder } }) =>
      folder !== undefined || program?.endsWith('/')
        ? 'Name the program in entryPoint and `command` (or ENTRYPOINT and CMD of the Dockerfile): `/app/server`, or its interpreter and the file. Where it should be a file, look at the COPY that puts it there: with a folder as source, or a path that exists as one, it makes a folder.'
        : 'Give the file the execute permission in the Dockerfile (RUN chmod +x, COPY --chmod=755); check the USER and that entryPoint names a file, not a folder.',
    link: START,
  },
  {
    id: 'entrypoint-not-found',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'container',
    failure: 'missing',
    match: [
      /exec:? \\?["'](?<program>[^"'\\]{1,300})\\?["']:? (?:stat [^:]{1,300}: )?(?:executable file not|no such file)/i,
      /\bContainer command ["'](?<program>[^"']{1,300})["'] not found or does not exist/i,
      /executable file (?:`(?<name>[^`]{1,200})` )?not found/i,
      /exec(?:ve)?:? (?<program>\/\S{1,300}?):? no such file/i,
      /starting container process(?: caused)?:? .{0,40}exec: \\?["'](?<program>[^"'\\]{1,300})\\?["']?:?(?: stat .{0,300})?$/i,
      /exec failed: No such file or directory/i,
      /CreateProcess.{0,300}cannot find the (?:file|path) specified/i,
      /(?:^|\n|: )(?:\/bin\/)?(?:ba|da|a)?sh: (?:\d+: |line \d+: )?(?<program>[\w./-]{1,200}): (?:command )?not found/i,
    ],
    unless: /mount|volume|efs/i,
    cause: ({ words: { program, name } }) => {
      if (program !== undefined && /\S\s+\S/.test(program))
        return `A whole line is one element of the command, so it is taken for the name of one program, which the image does not have: ${program}`;
      if (program?.startsWith('-'))
        return `The container starts with the option ${program} in the place of a program: neither entryPoint nor an ENTRYPOINT of the image stands in front of \`command\`, or they begin with an option themselves.`;
      return program?.startsWith('/')
        ? `The container has no file ${program} that can be started: the image lacks it, or a volume that is mounted over its folder hides it.`
        : `The image has no executable ${first(program, name) ?? 'of that name'} to start (executable file not found in PATH).`;
    },
    remedy: ({ words: { program } }) => {
      // One string where a list of words is wanted: show the list.
      if (program?.startsWith('-'))
        return 'Use the image whose ENTRYPOINT takes these options, or name the program that takes them in entryPoint of the container (or as the first word of `command`, input `command`).';
      if (program !== undefined && /\s(?:&&|\|\||[|;>]|2>)|[;$`]|^cd |^[A-Z_]+=/.test(program) && program.includes(' '))
        return `Write it as a list of words that gives the line to a shell, \`["sh", "-c", ${JSON.stringify(program)}]\`, in \`command\` or \`entryPoint\` of the container (input \`command\`) or in CMD of the Dockerfile. An image without a shell needs one program with its arguments, one word for each element.`;
      if (program?.includes(' '))
        return `Write it as a list of words, \`${JSON.stringify(program.split(/\s+/))}\`, in \`command\` or \`entryPoint\` of the container (input \`command\`) or in CMD of the Dockerfile. What needs a shell (&&, variables) is ["sh", "-c", "..."].`;
      return program?.startsWith('/')
        ? `Check that the Dockerfile puts ${program} there and that no volume is mounted over its folder (mountPoints hide what the image has). For a script check its #! line and its line ends (CRLF from Windows reads as "no such file").`
        : 'Correct entryPoint or command in the task definition (input `command`; as a list of words: VAR=value in front needs a shell), or install the program in the Dockerfile.';
    },
    link: START,
  },
  {
    id: 'gpu-runtime-missing',
    technology: 'gpu',
    nature: 'permanent',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'missing',
    match: [/could not select device driver .{0,40}(?:gpu|capabilities)/i],
    cause:
      'The container instance has no GPU runtime (NVIDIA driver or container toolkit) for the container that asks for a GPU.',
    remedy: onHosts({
      ec2: 'Use the GPU variant of the ECS-optimized AMI on a GPU instance type, with ECS_ENABLE_GPU_SUPPORT=true.',
      external:
        'Install the NVIDIA driver and container toolkit on the external instance, and register it with --enable-gpu.',
      managed:
        'Let instanceRequirements of the capacity provider ask for GPUs (acceleratorTypes gpu, acceleratorManufacturers nvidia).',
    }),
    link: `${GUIDE}/ecs-gpu.html`,
  },
  {
    id: 'disk-full',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'host',
    failure: 'exhausted',
    unless: /cgroup/i,
    match: [/no space left on device/i, /Thin Pool has \d+ free data blocks/i],
    cause: ({ text, reading }) => {
      if (reading.launch === 'FARGATE')
        return 'The disk of the task is full: no space left on device. The image and what containers write exceed its ephemeral storage (20 GiB by default).';
      return /thin pool/i.test(text)
        ? "The container instance's thin pool for images is full: there is no disk space left."
        : `The disk is full: no space left on device. The image and what containers write exceed it${reading.launch === undefined ? ' (20 GiB ephemeral storage on Fargate by default)' : ''}.`;
    },
    remedy: ({ text, reading }) => {
      if (reading.launch === 'FARGATE')
        return 'Set ephemeralStorage.sizeInGiB (21-200) in the task definition, or make the image smaller.';
      if (reading.launch === 'MANAGED_INSTANCES')
        return 'Give the instances more storage (storageConfiguration.storageSizeGiB of the capacity provider), or make the image smaller.';
      return reading.launch !== undefined || /docker\/tmp|var\/lib\/docker|thin pool/i.test(text)
        ? 'Free disk on the container instance: remove unused images (docker system prune; ECS_IMAGE_CLEANUP_INTERVAL, ECS_NUM_IMAGES_DELETE_PER_CYCLE of the agent), give it a larger volume, or make the image smaller.'
        : 'Set ephemeralStorage.sizeInGiB (21-200) in the task definition (Fargate), or make the image smaller; on EC2 enlarge the disk volume of the container instance or remove unused images.';
    },
    link: `${GUIDE}/fargate-task-storage.html`,
  },
  {
    id: 'image-layer-unsupported',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'conflict',
    match: [
      /\blchown (?<path>\S{1,300}?):? invalid argument|potentially insufficient UIDs or GIDs|Container ID \d{1,10} cannot be mapped to a host ID/i,
    ],
    cause: ({ words: { path } }) =>
      `A file in the image${maybe(path)} belongs to a user or group id that is larger than the host can map.`,
    remedy:
      'Give the files a small owner in the Dockerfile (COPY --chown=0:0, RUN chown -R 1000:1000, tar --no-same-owner): files that a package or a tar archive brought often keep the ids of their author. On a container instance with userns-remap widen /etc/subuid and /etc/subgid instead.',
    link: CREATE,
  },
  {
    id: 'image-layer-unsupported',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'exhausted',
    match: [/\bmax(?:imum)? (?:layer )?depth (?:was |is )?exceeded|too many layers\b/i],
    cause:
      'The image has more layers than the container runtime can put on each other (about 125): each RUN, COPY and ADD of the Dockerfile and its base images adds one.',
    remedy:
      'Let the image have fewer: join RUN and COPY instructions, copy the result into a fresh stage (FROM base, COPY --from=build), and do not build each image upon the last one. Then push under a new tag.',
    link: CREATE,
  },
  {
    id: 'image-layer-unsupported',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'image',
    failure: 'invalid',
    transient: true,
    match: [
      /(?:layer|digest|manifest|blob|content) verification failed|failed (?:size|digest) validation|(?:unexpected|mismatched) (?:commit )?digest\b|digest (?:mismatch|did not match)/i,
      /register layer.{0,200}(?:unpigz|gzip|flate|zlib|xz|zstd)\b.{0,100}(?:corrupt|invalid|checksum|unexpected EOF|crc)/i,
    ],
    unless: /ImageDigestDoesNotMatch|buildx/i,
    cause: ({ text }) =>
      `What was pulled does not have the digest that the image names${maybe(/sha256:[0-9a-f]{12}/.exec(text)?.[0]?.replace(/.+/, '($&...)'))}: it was damaged on its way, in a proxy or mirror, or in the registry.`,
    remedy:
      'ECS tries again, which heals what was damaged on its way. If it comes back on every host, build without cache and push the image again under a new tag; a proxy or mirror between may hold the damaged copy.',
    link: CREATE,
  },
  {
    id: 'docker-storage-error',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'failed',
    transient: true,
    match: [
      /hcsshim::(?<step>PrepareLayer|ActivateLayer|ImportLayer|ProcessBaseLayer|CreateScratchLayer|CreateSandboxLayer|ExpandSandboxSize|GetLayerMountPath|DestroyLayer|UnprepareLayer)\b/,
    ],
    unless: /no space left|not enough space|0x70\b/i,
    cause: ({ words: { step }, text }) =>
      `Windows could not set up the layers of the image on the host (${step ?? 'hcsshim'}${maybe(/\(?0x[0-9a-f]{1,8}\)?/i.exec(text)?.[0])}), as a rule a fault of the host and not of the image.`,
    remedy: (found) =>
      `ECS tries again, and on another host it often works. ${byHost(found, {
        ec2: 'Replace the container instance with one of the newest ECS-optimized Windows AMI. Where it comes back, exclude C:\\ProgramData\\docker and C:\\ProgramData\\containerd from virus scanners and other filter drivers (backup, sync), and build the image on the Windows version of the host.',
        external:
          'Restart the Windows Server, exclude C:\\ProgramData\\docker and C:\\ProgramData\\containerd from virus scanners and other filter drivers, and remove the image so that it is pulled again.',
        managed: AWS_MANAGES,
      })}`,
    link: `${GUIDE}/windows-considerations.html`,
  },
  {
    id: 'docker-storage-error',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'failed',
    transient: true,
    match: [
      /(?:devicemapper|devmapper)\b/i,
      /failed to register layer/i,
      /failed to (?:extract|prepare|mount|commit) (?:layer|snapshot|extraction)|error creating overlay mount|layer (?:does not exist|not known)|blob not found|input\/output error|unexpected commit digest|filesystem .{0,40}corrupt|hcsshim::ImportLayer/i,
    ],
    unless: /no space left|i\/o timeout|buildx|: write \/[^:]{0,300}(?:\.{3}|\u2026)"?$/i,
    cause: ({ text }) =>
      XATTR.test(text)
        ? `A layer of the image gives a file an extended attribute (${/\b(?:security|user|trusted|system)\.\w{1,40}/.exec(text)?.[0] ?? 'as setcap does'}), which the file system of Docker on the host, or the rights of its Docker, do not allow: ${gist(text, 300)}`
        : `The storage driver of the container instance's Docker (${/devic|devm/i.test(text) ? 'devicemapper' : 'layers of the image'}) failed, as a rule a fault of the host and not of the image: ${gist(text, 300)}`,
    remedy: (found) =>
      XATTR.test(found.text)
        ? 'Keep the data folder of Docker on the host on a local file system with extended attributes (ext4, xfs; no NFS), with a Docker that runs as root; or build the image without the step that sets it (setcap, a package that does), as it fails on that host each time.'
        : `ECS tries again (a retry elsewhere often works). ${byHost(found, {
            ec2: 'Replace the container instance, and use a current ECS-optimized AMI (overlay2 instead of devicemapper).',
            external:
              'Check the disk of the external instance and its file system, and use a current Docker (overlay2).',
            managed: AWS_MANAGES,
          })}`,
    link: CREATE,
  },
  {
    id: 'docker-timeout',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'timed-out',
    transient: true,
    match: [
      /DockerTimeoutError|ContainerRuntimeTimeoutError/,
      /(?:Cannot(?:Create|Start|Inspect|Stop)Container|container runtime|docker daemon|containerd).{0,320}(?:timed out|deadline exceeded)/i,
      /error during connect|pipe\/docker_engine|docker\.sock|unix\.sock|containerd\.sock|CannotGetDockerClientError|connect to the Docker daemon/i,
    ],
    unless:
      /permission denied|CannotPull(?!.*(?:error during connect|docker_engine|docker\.sock|docker daemon))|log stream|logger args|logging driver|buildx/i,
    cause: (found) =>
      !/timed? ?out|Timeout|deadline/i.test(found.text)
        ? `${byHost(found, { ec2: 'The Docker daemon of the container instance', external: 'The Docker daemon of the external instance', managed: 'The container runtime of the instance' })} does not answer on its socket: it is down, restarting or broke off the connection.`
        : `The container runtime (Docker) of the container instance did not answer in time: it timed out${maybe(/timed out after waiting [\w.]+/i.exec(found.text)?.[0]?.replace(/^timed out /i, ''))}.`,
    remedy: onHosts({
      ec2: 'Look at the load of the instance: CPU, disk throughput (burst credits of its volume; a faster volume, fewer tasks on it) and the Docker daemon; restart or replace it. ECS_CONTAINER_CREATE_TIMEOUT and ECS_CONTAINER_START_TIMEOUT of the agent may be raised.',
      external:
        'Look at the load of the external instance: CPU, disk throughput and the Docker daemon; restart Docker. ECS_CONTAINER_CREATE_TIMEOUT and ECS_CONTAINER_START_TIMEOUT of the agent (/etc/ecs/ecs.config) may be raised.',
      managed: AWS_MANAGES,
    }),
    link: `${GUIDE}/stopped-task-error-codes.html`,
  },
  {
    // Fargate (containerd) reports ContainerRuntimeTimeoutError where instances report DockerTimeoutError.
    id: 'docker-timeout',
    nature: 'ambiguous',
    ...OF_FARGATE,
    subject: 'host',
    failure: 'timed-out',
    transient: true,
    match: [
      /(?:ContainerRuntime|Docker)TimeoutError/,
      /Cannot(?:Create|Start|Inspect|Stop|Remove)Container.{0,320}(?:timed out|deadline ?exceeded)/i,
    ],
    unless:
      /CannotPull|ResourceInitialization|log stream|logger args|logging driver|buildx|\bdial\b|\bmount|\bvolume|\b(?:efs|nfs)/i,
    cause: ({ text }) =>
      /CannotStopContainer|transition to stopped/i.test(text)
        ? 'The container runtime of Fargate did not stop the container in time: it timed out.'
        : `The container runtime of Fargate did not bring the container to its next state in time: it timed out${maybe(/after waiting [\w.]+/i.exec(text)?.[0])}.`,
    remedy: ({ context, text }) => {
      const again =
        context.oneOff === true
          ? 'Run the task again: it gets another host.'
          : 'ECS starts another task, on another host, where the service needs one.';
      const own = /CannotStopContainer|transition to stopped/i.test(text)
        ? ' The program should end on SIGTERM within stopTimeout.'
        : '';
      return `${again}${own} If it comes back, use the platform version LATEST (input \`platform-version\`), and open a case at AWS Support with the ARN of the task: AWS manages that host.`;
    },
    link: `${GUIDE}/stopped-task-error-codes.html`,
  },
  {
    id: 'dependency-failed',
    nature: 'symptom',
    ...OF_TASKS,
    subject: 'container',
    failure: 'failed',
    match: [
      /dependency ?graph: .{0,120}dependency \[(?<dependency>[^\]]{1,255})\] for target \[(?<target>[^\]]{1,255})\](?<why>[\s\S]{0,80})/i,
      /dependent container (?<dependency>[\w-]{1,255}) (?:exited|failed|stopped|did not)/i,
    ],
    cause: ({ words: { dependency, target } }) =>
      `The container${maybe(target)} was not started because the container${maybe(dependency)} that it depends on failed or did not get ready.`,
    remedy: ({ words: { dependency } }) =>
      `Look at the container${maybe(dependency)}: its exit code, health and log are the cause. Otherwise correct dependsOn in the task definition, or raise startTimeout.`,
    link: `${GUIDE}/task_definition_parameters.html`,
  },
  {
    id: 'task-stopped-before-start',
    nature: 'symptom',
    ...OF_TASKS,
    subject: 'container',
    failure: 'stopped',
    match: [/TaskStoppedBeforePullBegin|stopped before (?:the )?image pull/i],
    cause: 'The task was stopped before the image of this container was pulled.',
    remedy: 'Look at why the task was stopped: its stoppedReason, and the containers that ended before.',
    link: `${GUIDE}/stopped-task-errors.html`,
  },
  {
    id: 'execute-command-failed',
    nature: 'normal',
    ...OF_TASKS,
    subject: 'container',
    failure: 'failed',
    severity: 'warning',
    match: [/ExecuteCommandAgent/i],
    cause: 'The agent of ECS Exec (ExecuteCommandAgent) could not be started in the container.',
    remedy:
      'Give the task role ssmmessages:CreateControlChannel, CreateDataChannel, OpenControlChannel and OpenDataChannel, a way to the ssmmessages endpoint and a writable root file system; or set the input `enable-execute-command` to false.',
    link: `${GUIDE}/ecs-exec-troubleshooting.html`,
  },
  {
    id: 'gmsa-failed',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'container',
    failure: 'failed',
    match: [/credentialspec|credential spec|gMSA|kerberos ticket|credentials fetcher/i],
    cause: ({ text }) => `The credential spec (gMSA) of the container could not be used: ${text}`,
    remedy:
      "Check credentialSpecs in the task definition (an S3 or SSM ARN), the execution role's access to it and to the secret of the account, and that the instance reaches the Active Directory.",
    link: `${GUIDE}/windows-gmsa.html`,
  },
  {
    id: 'container-config-invalid',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'task-definition',
    failure: 'invalid',
    match: [
      /memory\.(?:limit_in_bytes|max)\b.{0,80}(?:device or resource busy|invalid argument)|Minimum memory limit (?:allowed )?is|memory (?:limit|reservation) .{0,60}(?:less than|smaller than|larger than|must be)/i,
      /unable to find (?:user (?<user>[\w-]+(?::[\w-]+)?)|group (?<group>[\w-]+))|no matching entries in (?:passwd|group) file|: no (?:users|groups) found$/i,
      /(?:\/|openat )etc\/(?:passwd|group): no such file/i,
      /openat etc\/(?:passwd|group): path escapes/i,
      /error gathering device information|linux (?:spec user|runtime spec)/i,
    ],
    unless: /EFS|invalid reference|manifest|lookup|awslogs|log opt|pull/i,
    cause: ({ words: { user, group }, text }) => {
      if (/path escapes/i.test(text))
        return 'The /etc/passwd (or /etc/group) of the image is a link that leads out of its file system, which the runtime does not follow when it looks up the user of the container.';
      if (/(?:\/|openat )etc\/(?:passwd|group): no such file/i.test(text))
        return 'The image has no /etc/passwd, so the runtime cannot look up the user of the container by its name (an image FROM scratch, or one for Windows).';
      if (group || NO_GROUP.test(text))
        return `The group${maybe(group)} that the container runs as does not exist in the image.`;
      return user || /passwd|no users found/i.test(text)
        ? `The user${maybe(user)} that the container runs as does not exist in the image.`
        : `The container runtime refuses ${settingOf(text)?.name ?? 'a setting'} of the container definition: ${text}`;
    },
    remedy: ({ words: { user, group }, text }) => {
      if (/path escapes/i.test(text))
        return 'Make /etc/passwd and /etc/group plain files, or links with a relative target, in the image; a base image built by Nix or Bazel often has absolute links.';
      if (/(?:\/|openat )etc\/(?:passwd|group): no such file/i.test(text))
        return 'Give `user` in the container definition (or USER in the Dockerfile) as a numeric uid:gid, or add /etc/passwd to the image. For a Windows image set runtimePlatform.operatingSystemFamily in the task definition.';
      if (group || NO_GROUP.test(text))
        return 'Create the group in the Dockerfile (groupadd, addgroup), or correct the group of `user` (user:group) in the container definition or of USER in the Dockerfile; a numeric gid needs no entry.';
      if (user || /passwd|no users found/i.test(text))
        return 'Create the user in the Dockerfile (useradd, adduser), or correct `user` in the container definition (a numeric uid needs no entry).';
      return (
        settingOf(text)?.remedy ??
        'Correct that setting of the container in the task definition; `docker run` with the same setting shows the same error.'
      );
    },
    link: CREATE,
  },
];

/** What an instance with a GPU needs that is not of the GPU-optimized AMI. */
function ownGpu({ library, linker, cdi }: Found['words']): string {
  if (library) return of('gpu', 'install the NVIDIA driver of its GPU and reboot (nvidia-smi must answer)');
  if (cdi) return 'write the list again (nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml) and restart Docker';
  return linker
    ? 'set ldconfig = "@/sbin/ldconfig" in /etc/nvidia-container-runtime/config.toml'
    : 'install nvidia-container-toolkit, then run nvidia-ctk runtime configure --runtime=docker and restart Docker';
}

/** The name in `ulimits` for a number of setrlimit(2). */
function limitName(type: string | undefined): string {
  if (type === '8') return ' (memlock)';
  if (type === '7') return ' (nofile)';
  return '';
}
