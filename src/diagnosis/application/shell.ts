/** The shell, small init programs, and what the loader of Linux says of a program. */
import { isA, type Row } from './row.ts';

export const SHELL: readonly Row[] = [
  {
    // https://learn.microsoft.com/windows/win32/debug/system-error-codes: 5B4 is ERROR_TIMEOUT.
    kind: 'stated',
    form: /Failed to stop or query status of service '(?<name>[\w$.-]{1,60})' error \[800705b4\]/i,
    cause:
      'ServiceMonitor in the container{container} did not get the service {name} stopped in its time (800705b4, time-out), and ended.',
    remedy:
      'Do not start or reset that service in a script before ServiceMonitor (no net start, iisreset): it starts it itself. Otherwise wait in the script until the service has the state that was asked for.',
  },
  {
    // A hidden file or folder of a program in the root folder is one that it makes in its home folder.
    kind: 'permission-denied',
    form: /(?:['"\s(:]|^)(?<path>\/\.(?:[a-z][\w-]{1,40})(?:\.\w{1,20})?)(?:\/[\w./@-]{0,200})?['"]?:? ?\(?(?:eacces|EACCES|[Pp]ermission denied|[Rr]ead-only file system)|(?:EACCES|[Pp]ermission denied)\b[^\n]{0,60}['"](?<path2>\/\.(?:[a-z][\w-]{1,40})(?:\.\w{1,20})?)(?:\/[^'"\n]{0,200})?['"]/,
    not: /npm|\/\.dockerenv/,
    cause:
      'The application{container} writes {path} into its home folder, which is / here: the user of the container has no home folder (a uid without an entry in /etc/passwd, or HOME=/), and may not write to /.',
    remedy:
      'Set HOME in `environment` (or ENV in the Dockerfile) to a folder that this user may write, such as /tmp or one on a volume; or make the user with a home folder (useradd -m) and let it own that.',
  },
  {
    kind: 'configuration-invalid',
    form: /(?:special characters? (?:is|are) not allowed|(?:invalid|illegal|unexpected|non-printable|control) character)[^'"]{0,40}['"(\\]{0,3}(?<name>(?:u|U\+|0x)(?:200[b-fB-F]|[fF][eE][fF][fF]|00[aA]0|2028|2060))/,
    cause:
      'A file or value that the application{container} reads has a character that cannot be seen ({name}: a space without width or break, a byte order mark): {line}',
    remedy:
      'Delete it in that file or setting: write the line again by hand instead of pasting it, and save the file as UTF-8 without a byte order mark (cat -A FILE shows it as M-...).',
  },
  {
    // sed -i writes a new file beside the old one: it is the folder that has to be writable.
    kind: 'permission-denied',
    form: /sed: (?:couldn't|can't) (?:open temporary file|create temp file) '?(?<folder>\/[\w@%+=,./-]{0,250}?)\/sed\w{6}'?: (?<reason>Permission denied|Read-only file system)/,
    cause:
      'A script of the container{container} edits a file with sed -i, which writes a new file into its folder {folder}, and may not ({reason}).',
    remedy:
      'Give the whole folder {folder} to the user of the container (RUN chown, COPY --chown; on a volume to its uid), or edit the file while the image is built. With readonlyRootFilesystem mount a writable volume there.',
  },
  {
    kind: 'stated',
    form: /\bEAFNOSUPPORT\b|[Aa]ddress family not supported|SocketException \(97\)/,
    not: /\[emerg\] socket\(\)|AF_(?:NETLINK|PACKET|ALG|VSOCK|UNIX)/,
    cause:
      '{who} opens a socket of IPv6 (an address such as :: or [::]), and the host or the network of the task has IPv6 turned off: {line}',
    remedy:
      'Let it listen on 0.0.0.0 (IPv4) in its configuration, `command` or `environment`, or turn IPv6 on for the host (sysctl net.ipv6.conf.all.disable_ipv6=0; a kernel booted with ipv6.disable=1 has none). On a machine that has IPv6 it does not fail.',
  },
  {
    kind: 'stated',
    form: /\b[Ii]llegal instruction\b|\bSIGILL\b|CPU (?:does not|doesn't|lacks) (?:support )?(?:for )?(?:AVX|SSE|x86-64-v[234])/,
    near: /\bno_avx|[Rr]equires? (?:an? )?(?:CPU|processor)\b.{0,30}\b(?:AVX|SSE|x86-64-v)|CPU (?:does not|doesn't|lacks) (?:support )?(?:for )?(?:AVX|SSE|x86-64-v)/,
    cause:
      'The program in the container{container} uses instructions that the CPU of the host does not have (AVX or another extension that the log names), and was ended by it: {line}',
    remedy:
      'Run it on a newer CPU: an EC2 instance type of a current generation, or a virtual machine that passes the CPU through (host model). Otherwise use a build of the program for older CPUs (baseline), or an older release of it.',
  },
  {
    kind: 'crash',
    form: /\b[Ii]llegal instruction\b|\bSIGILL\b/,
    not: /goroutine|syntax/i,
    cause:
      'The program in the container{container} ran an instruction that the CPU of the host does not know (illegal instruction): {line}',
    remedy:
      "As a rule the program or a library of it is built for newer CPUs (AVX, x86-64-v3, newer ARM cores): use a build for older ones, or instances of a newer generation. Check also that the image is of the task's architecture (input `platforms`).",
  },
  {
    // A list that is no JSON is run by the shell: its first word is the bracket with what follows.
    kind: 'stated',
    form: /(?:sh|bash): (?:(?:line )?\d{1,4}: )?(?<found>\[\s?['"\u201C\u2018]?[\w./-]{1,100}['"\u201D\u2019]?,?\]?): (?:(?:command )?not found|No such file)/,
    cause:
      'The shell of the container{container} was given a program whose name begins with a bracket ({found}): CMD or ENTRYPOINT of the Dockerfile is written as a list that is no valid JSON, so Docker runs the whole line in a shell.',
    remedy:
      'Write it as JSON: ["PROGRAM", "ARGUMENT"], with straight double quotes around each element, a comma between them and none behind the last; then build the image again.',
  },
  {
    kind: 'stated',
    technology: ['php', 'python', 'ruby', 'node'],
    form: /(?:exec: |: (?:line )?\d{1,4}: |^|[:"] ?)(?<name>artisan|manage\.py|wp|console|rails|rake|nest|index\.js|main\.py|app\.py|server\.js)"?: (?:(?:command )?not found|executable file not found in \$PATH)/,
    cause:
      'The container{container} is started with {name}, which is a script of the project and no program in its PATH.',
    remedy: [
      'Write `command` as a list with what runs it in front',
      {
        examples: [
          { for: 'php', words: '["php", "artisan", ...]' },
          { for: 'python', words: '["python", "manage.py", ...]' },
          { for: 'ruby', words: '["bundle", "exec", "rails", ...]' },
          { for: 'node', words: '["node", "server.js"]' },
        ],
      },
      ', and let WORKDIR be the folder of the project.',
    ],
  },
  isA('dns', /\b(?:nc|wget|ping|telnet): bad address ['"‘]?(?<host>[\w.-]{1,253})/),
  {
    kind: 'stated',
    form: /(?:^|: )(?:error: )?argument (?<name>[\w{},/-]{1,80}): invalid choice: (?<found>'[^'\n]{0,80}'|"[^"\n]{0,80}"|\S{1,60})(?:[ \n]{1,3}\(choose from (?<wanted>[^)\n]{1,300})\)?)?/,
    cause:
      'The program in the container{container} was started with the value {found} for {name}, which is not one that it knows: {line}',
    remedy:
      'Correct that value in `command` (input `command`, or the override of the task); it takes {wanted|what its usage lists}. A value or subcommand of another version needs that version of the image.',
  },
  {
    kind: 'stated',
    form: /: error: unrecognized arguments: {2,}(?<name>-[^\n]{1,80})|unrecognized (?:option|arguments?):? ['"‘`]?(?<name2> -[^\n'"]{1,80})/,
    cause:
      'The program in the container{container} got "{name}" as one argument with a blank in front, and so takes it for none of its options: {line}',
    remedy:
      'Write option and value in `command` as elements of their own, without blanks around them (["--workers", "4"]); in a shell script look for a backslash with a blank behind it, or for quotes around both.',
  },
  {
    kind: 'stated',
    form: /(?:unrecognized arguments|no such option|unknown (?:option|flag)):? ['"‘`]?(?<name>--?[\w-]{1,60}:[^\s'"]{1,80})/,
    cause:
      'The program in the container{container} knows no option {name}: an option and its value are joined by a colon there.',
    remedy:
      'Write a blank or = in place of the colon in `command` or in the variable that passes options (--timeout=600).',
  },
  {
    kind: 'stated',
    form: /[Gg]ot unexpected extra arguments? \((?<name>[^)\n]{1,80})|: error: unrecognized arguments: (?<name2>[^-\s][^\n]{0,80})|(?:^|: )(?:too many arguments|extra operand ['‘"`]?(?<name3>[^'’"`\n]{1,60})|unexpected positional argument)|accepts (?:at most )?\d{1,2} arg\(s\), received \d/,
    cause:
      'The program in the container{container} got arguments behind those that it takes{: name}. As a rule the image has an ENTRYPOINT that already names the program, and `command` (or an override) was appended to it: {line}',
    remedy:
      'Give `command` only what belongs behind the ENTRYPOINT of the image (docker inspect shows it), or replace it by `entryPoint` of the container definition; in an image of your own use CMD in place of ENTRYPOINT where other programs should be run.',
  },
  {
    kind: 'stated',
    form: /(?:option|flag|argument)s? ['"`]?(?<name>--?[\w-]{1,60})['"`]?:? (?:requires (?:an? |\d )(?:argument|value|parameter)|expected (?:one|at least one|\d) arguments?|needs an argument)|(?:option requires an argument|flag needs an argument|expected value following) ?(?:--|:)? ?['"`]?(?<name2>-{0,2}[\w-]{1,60})|Option ['"](?<name3>--?[\w-]{1,60})['"] requires an argument/,
    cause: 'The program in the container{container} was started with {name} and without a value for it: {line}',
    remedy:
      'Write its value behind it in `command`, as an element of the list of its own. A variable in `command` is not replaced without a shell, and one that is empty leaves nothing: give it a value, or leave the option out.',
  },
  {
    kind: 'stated',
    form: /^(?:Error: )?Missing (?<what>option|argument|parameter) ['"`](?<name>[^'"`\n]{1,80})['"`]/,
    cause: 'The program in the container{container} was started without the {what} {name}, which it needs: {line}',
    remedy:
      'Add it to `command` of the container (input `command`), behind the subcommand; many programs take it from an environment variable as well (`environment`, `secrets`; the usage of the program names it).',
  },
  {
    kind: 'stated',
    form: /^(?:Error: )?Invalid value for ['"`]?(?<name>-{1,2}[\w-]{1,60}|[A-Z][\w-]{1,60})['"`]?[^:\n]{0,60}: (?<why>[^\n]{3,200})/,
    cause: 'The program in the container{container} does not accept the value of {name}: {why}',
    remedy:
      'Correct that value in `command` of the container (input `command`) or in the variable that it is taken from. A variable in `command` is not replaced where no shell runs it.',
  },
  {
    kind: 'option-unknown',
    symptom: true,
    alone: true,
    form: /^usage:? (?:\S{1,80} ){1,4}?(?:\[|<|\{|[A-Z]{4,}\b|[a-z-]{2,30} ?\|)|^usage:\n(?:\n)?\S{1,80}(?: \S{1,80}){0,3}? (?:\[|<|[A-Z]{4,})/i,
    cause:
      'The program in the container{container} printed how to call it and no error: as a rule its command line lacks the subcommand, or has one that this version does not know.',
    remedy:
      'Compare `command` (and CMD or ENTRYPOINT of the Dockerfile) with that usage: as a list, the subcommand first (["start"] for Keycloak, ["-jar", "app.jar"] behind java).',
  },
  {
    kind: 'not-executable',
    form: /^(?:runsv \S{1,60}: fatal: unable to start (?<path>\S{1,120}): (?:access|permission) denied|s6-(?:supervise|rc)[^:\n]{0,80}: (?:warning|fatal): unable to (?:spawn|exec) (?<path2>\S{1,120})[^:]{0,40}: Permission denied)/i,
    cause: 'The script {path} of a service in the container{container} is not executable.',
    remedy:
      'Make it executable in the Dockerfile (RUN chmod +x, or COPY --chmod=755) or in Git (git update-index --chmod=+x).',
  },
  {
    kind: 'stated',
    symptom: true,
    alone: true,
    technology: ['php', 'nginx'],
    form: /exited: (?<name>\S{1,80}) \(exit status 0; not expected\)/,
    cause:
      'supervisord in the container{container} expects {name} to keep running, and it ended without an error: as a rule it went into the background (daemon).',
    remedy:
      'Start it in the foreground in its `command` of supervisord.conf: php-fpm -F, nginx -g "daemon off;", apache2ctl -D FOREGROUND.',
  },
  {
    kind: 'stated',
    symptom: true,
    alone: true,
    form: /exited: (?<name>\S{1,80}) \(terminated by SIGKILL; not expected\)/,
    cause:
      'The process {name} in the container{container} was killed (SIGKILL), and not by supervisord: the kernel does so where a container reaches its memory limit.',
    remedy:
      'Compare MemoryUtilization of the service at that time with the limit, and raise the memory of the container and task (input `memory`) or limit the processes that {name} starts.',
  },
  {
    kind: 'stated',
    symptom: true,
    alone: true,
    form: /exited: (?<name>\S{1,80}) \(exit status (?<status>\d{1,3}); not expected\)|gave up: (?<name2>\S{1,80}) entered FATAL state/,
    cause:
      'The process {name} that supervisord runs in the container{container} ended with an error{ (status)}; what it printed itself does not stand in these lines.',
    remedy:
      'Send its output to the log of the container in supervisord.conf (stdout_logfile=/dev/stdout, stderr_logfile=/dev/stderr, both with _maxbytes=0): the next deployment then shows its error.',
  },
  {
    kind: 'stated',
    symptom: true,
    alone: true,
    technology: 'python',
    form: /HaltServer: <HaltServer ['"]Worker failed to boot|Reason: Worker failed to boot|\bWorker \(pid:\d{1,7}\) exited with code 3\b/,
    cause:
      'A worker of gunicorn in the container{container} could not load the application; the error of the application does not stand in these lines.',
    remedy:
      'Add --preload to `command` (and leave --error-logfile at "-"): the error is then printed before gunicorn ends. As a rule it is an import or a setting that is missing.',
  },
  {
    kind: 'tls',
    form: /UNSAFE_LEGACY_RENEGOTIATION_DISABLED|unsafe legacy renegotiation disabled|DH_KEY_TOO_SMALL|dh key too small|EE_KEY_TOO_SMALL|ee key too small|CA_MD_TOO_WEAK|ca md too weak/,
    cause:
      'The OpenSSL of the image is stricter than the old server that the application{container} connects to allows (weak key, hash or renegotiation): {line}',
    remedy:
      'Let that server be updated. Until then give the container an openssl.cnf with CipherString = DEFAULT@SECLEVEL=1 or Options = UnsafeLegacyRenegotiation (OPENSSL_CONF in `environment`), or use the older base image.',
  },
  {
    kind: 'stated',
    technology: ['go', 'alpine', 'debian'],
    form: /open \S{0,200}lib\/time\/zoneinfo\.zip: no such file or directory/,
    cause:
      'The image of the container{container} has no time zone data, which the application looks a time zone up in.',
    remedy:
      'Install it in the final stage (apk add tzdata, apt-get install -y tzdata), or build it into a Go program (import _ "time/tzdata").',
  },
  {
    kind: 'file-missing',
    form: /\b(?:[Cc]ould not|[Cc]annot|[Uu]nable to|[Ff]ailed to) (?:open|read|load|find) (?:the )?(?:[\w-]{1,20} ){0,2}file:? ?[('"`]{0,2}(?:file )?(?<path>\/[\w@%+=,./-]{1,200})/,
    near: /[Nn]o such file|os error 2\b|ENOENT|does not exist|cannot find the file/,
    not: /[Pp]ermission denied|directory/,
    cause: '{who} needs {path}, which is not in the container.',
    remedy:
      'COPY it into the final stage of the Dockerfile to that place (check .dockerignore), or correct the path in `command` or `environment`. A volume mounted over its folder hides what the image has there.',
  },
  {
    kind: 'permission-denied',
    form: /^(?:tar|cp|mkdir|touch|mv|ln|rsync|install): (?:cannot (?:create|touch|make|open|mkdir|stat|move|remove)[\w ]{0,30} ['"‘]?|can't create [\w ]{0,20}['"]?)?(?<path>[\w@%+=,./-]{1,200}?)['"’]?: (?:Cannot (?:mkdir|open|create|unlink|utime)[\w :]{0,30}: )?Permission denied/,
    cause:
      'The entrypoint of the container{container} may not create or read {path} (permission denied): the folder belongs to another user.',
    remedy: [
      'Give the folder to the user of the container in the Dockerfile (RUN chown, COPY --chown), or leave `user` out where the entrypoint gives up root by itself.',
      {
        for: 'efs',
        words: ' On an EFS volume use an access point with the uid of the user.',
        else: ' A volume keeps its own owner: there the folder must belong to the uid of the user.',
      },
    ],
  },
  {
    kind: 'file-missing',
    form: /^(?!.{0,300}(?:dotenv-expand|DOTENV_)).{0,200}(?:(?:[Ee]rror |[Ff]ailed to |[Uu]nable to |[Cc]ould not |[Cc]annot )(?:load(?:ing)?|read(?:ing)?|find(?:ing)?|open(?:ing)?|pars(?:e|ing)) (?:the |your |any )?(?:environment (?:variables )?(?:from )?)?(?:file )?['"`]?(?:\/?(?:[\w.-]{1,60}\/){0,6})?\.env(?:\.\w{2,20})?['"`]?(?: files?)?(?![\w/])|(?:^|[\s'"`/])\.env(?:\.\w{2,20})?['"`]?(?: file)?:? (?:(?:was |is )?(?:not found|missing)|(?:could|can)(?: ?not|n't) be (?:found|loaded|read)|does not exist)|(?:open|ENOENT|No such file).{0,80}?['"` /]\.env(?:\.\w{2,20})?['"`:]?(?:$|[:\s,]))/,
    not: /DATABASE_URL|Permission denied|parse|unexpected|Unable to read (?:the|any) /,
    cause: '{who} insists on a .env file, which is not in the image (and rightly so: it holds secrets).',
    remedy:
      'Let the program go on without that file (ignore the error of the dotenv library, or leave --env-file out of `command`), and give the values in `environment` and `secrets` (inputs `environment-variables`, `secrets`).',
  },
  {
    kind: 'stated',
    form: /IsADirectoryError: .{0,40}Is a directory: ['"](?<path>[^'"\n]{1,200})|EISDIR: illegal operation on a directory, (?:read|open)(?: ['"](?<path2>[^'"\n]{1,200}))?|(?:read|open) (?<path3>\/\S{1,200}): is a directory|(?<path4>\/\S{1,200}) \(Is a directory\)|["'](?<path5>\/[^"'\n]{1,200})["'] failed \(21: Is a directory\)|^(?:cat|source|\.|sh|bash|head|sed|grep): (?:can't open ['"]?)?(?<path6>\/\S{1,200}?)['"]?: Is a directory/,
    cause: '{who} opens {path|a path} as a file, and it is a folder in the container{at}.',
    remedy:
      'Put the file itself into the image (COPY) and name it in the setting, not its folder. A volume mounts folders only: with a host path that does not exist, an empty folder appears at that place instead of the file.',
  },
  {
    kind: 'stated',
    form: /^(?:s6-\S{1,40}: )?fatal: can only run as pid 1|s6-\S{1,40}: fatal: can only run as pid 1/,
    cause:
      'The image of the container{container} brings its own init (s6-overlay), which must be process 1, and the task starts another one in front of it.',
    remedy:
      'Leave initProcessEnabled (linuxParameters) out of the container definition, and do not start /init through a shell or tini (`entryPoint`, `command`). pidMode: task is not possible with it either.',
  },
  {
    kind: 'stated',
    symptom: true,
    form: /INFO gave up: (?<name>\S{1,60}) entered FATAL state, too many start retries|^gave up: (?<name2>\S{1,60}) entered FATAL state/,
    cause:
      'The program {name} ended each time that supervisord in the container{container} started it; this line does not say why.',
    remedy:
      'Send its output to the log of the container (stdout_logfile=/dev/fd/1, stderr_logfile=/dev/fd/2, both with _maxbytes=0 in its section) and read it there. Better: one program for each container, started by `command`.',
  },
  {
    kind: 'command-missing',
    form: /spawnerr: can't find command ['"](?<name>[^'"\n]{1,160})|spawnerr: command at ['"](?<name2>[^'"\n]{1,160})['"] is not executable/,
    cause: 'supervisord in the container{container} cannot start {name}: it is not in the image, or not executable.',
    remedy:
      'Install it or COPY it into the final stage with the execute right (COPY --chmod=755), or correct command= in its section.',
  },
  {
    kind: 'file-missing',
    form: /The directory named as part of the path (?<path>\/\S{1,160}) does not exist/,
    cause: 'The folder of {path}, to which supervisord in the container{container} writes, does not exist there.',
    remedy:
      'Create it in the Dockerfile (RUN mkdir -p), or write to the log of the container: logfile=/dev/null, and stdout_logfile=/dev/fd/1 with stdout_logfile_maxbytes=0 for each program.',
  },
  {
    kind: 'stated',
    form: /sudo: effective uid is not 0|sudo: (?:The "no new privileges" flag is set|a password is required|no tty present)|su: must be suid to work properly|su: (?:Authentication failure|must be run from a terminal)/,
    cause: 'A script of the container{container} wants to become another user (sudo, su), which this user may not.',
    remedy:
      'Do what needs root in the Dockerfile, or start as root (`user` "0") and give the rights up in the entrypoint (exec gosu USER, su-exec); noNewPrivileges and a nosuid volume forbid sudo.',
  },
  {
    kind: 'file-missing',
    form: /(?<path>\/(?:var\/)?run\/secrets\/(?!kubernetes|eks)[\w./-]{1,160})/,
    not: /Permission denied|aws/i,
    cause:
      '{who} reads the secret file {path}, which ECS does not make: that is how Docker Compose and Swarm bring secrets.',
    remedy:
      'Name the secret in `secrets` (input `secrets`), which sets it as an environment variable, and let the program read that one (PASSWORD instead of PASSWORD_FILE); or let the entrypoint write the file from it.',
  },
  {
    kind: 'stated',
    form: /\[(?:AppNet Agent|AppNetAgent)\]|\bAppNet Agent\b/,
    cause:
      'The proxy of Service Connect (its agent and Envoy, which ECS adds to the task) reports an error, and not the application: {line}',
    remedy: [
      'Add 256 CPU units and at least 64 MiB to the task for the proxy (inputs `cpu`, `memory`), and ',
      { deploys: 'start a new deployment' },
      ', which brings its current version. If it comes back, the log of the proxy (logConfiguration of serviceConnectConfiguration) and AWS Support say more.',
    ],
  },
  {
    kind: 'stated',
    form: /(?:No such file or directory|\bENOENT\b)[^\n]{0,60}?(?<![\w.-])(?<path>(?:\/|\.{1,2}\/)?(?:[\w.-]{1,80}\/){1,10}[\w.-]{1,80}\.(?:pid|log|sock))\b|(?<path2>\.{0,2}\/(?:[\w.-]{1,80}\/){1,10}[\w.-]{1,80}\.(?:pid|log))(?:: (?:No such file or directory|open: no such file)| \(No such file or directory\))/,
    not: /connect|docker\.sock|(?:^|[\s/])(?:cat|tail|head|grep|kill|rm|mv|cp|chown|chmod|ls|stat): |, (?:unlink|l?stat|scandir|access|readlink)\b|for reading/i,
    cause: 'The application{container} writes the file {path}, and its folder is not in the container.',
    remedy:
      'Make the folder in the Dockerfile (RUN mkdir -p, owned by the user of the container; Git keeps no empty folders), or let the program write to stdout and /tmp.',
  },
  {
    // What is made or written does not have to be there: its folder does.
    kind: 'file-missing',
    form: /\b(?:create|creating|make|write|writing|bind\(\) to|mkdir|save|saving)\b(?:(?!\b(?:from|using|with|of)\b)[^\n/:]){0,60}(?:unix:)?(?<![\w.-])(?<path>(?<folder>\/(?:[\w@%+=,.-]{1,80}\/){0,10}[\w@%+=,.-]{1,80})\/[\w@%+=,.-]{1,80})['"`]?\)?[^\n/]{0,30}(?:No such file or directory|\bENOENT\b)|\bENOENT: no such file or directory, (?:mkdir|mkdtemp|symlink) ['"](?<path2>(?<folder2>\/(?:[\w@%+=,.-]{1,80}\/){0,10}[\w@%+=,.-]{1,80})\/[\w@%+=,.-]{1,80})['"]|['"](?<path3>(?<folder3>\/(?:[\w@%+=,.-]{1,80}\/){0,10}[\w@%+=,.-]{1,80})\/[\w@%+=,.-]{1,80})['"] isn't writable \[FileNotFoundError/i,
    not: /connect|docker\.sock|for reading/i,
    cause:
      'The application{container} makes {path} itself, and the folder {folder} in which it does is not in the container.',
    remedy:
      'Make the folder in the Dockerfile (RUN mkdir -p {folder}, owned by the user of the container), or mount a volume there; or give the program another path in its configuration (/tmp). A volume over a folder above it hides what the image has there.',
  },
  {
    kind: 'stated',
    form: /\b(?<name>mkdir|cp|mv|chown|chmod|chgrp|ln|touch|rm|rmdir|dirname|basename|install|sleep): missing (?:destination )?(?:file )?operand/,
    cause:
      'A script of the container{container} calls {name} without what it is for: as a rule a variable that stands there is empty.',
    remedy:
      'Set the variable that the script has behind {name} in `environment` or `secrets` (inputs `environment-variables`, `secrets`); set -eu at the top of the script ends it with the name of a variable that is not set, and sh -x shows the line.',
  },
  {
    kind: 'setting-invalid',
    form: /cannot parse '(?<name>[\w.[\]-]{1,120})' as (?<type>\w{2,20}): (?:strconv|time)\.?\w{0,20}: (?:\w{1,20} )?"(?<value>[^"\n]{0,80})"/,
    cause: 'The setting {name} of the application{container} has to be of type {type}, and its value is {value|empty}.',
    remedy:
      'Set it in `environment` or `secrets` (inputs `environment-variables`, `secrets`) or in the configuration file of the image: without quotes, unit or placeholder. An empty variable counts as set: leave it out for the default.',
  },
  {
    kind: 'setting-invalid',
    form: /parse error on field "(?<name>\w{1,80})" of type "(?<type>[\w.*[\]]{1,60})": (?<reason>[^;\n]{3,200})/,
    cause: 'The setting behind the field {name} of the application{container} is no valid {type}: {reason}.',
    remedy:
      'Correct its variable in `environment` or `secrets` (inputs `environment-variables`, `secrets`); a duration needs its unit (30s, 5m, 1h30m).',
  },
  {
    kind: 'setting-invalid',
    form: /time: (?:invalid|missing unit in|unknown unit .{1,20} in) duration "?(?<value>[^"\n]{0,60})/,
    cause: '{who} reads a duration that is not valid{: value}.',
    remedy: 'Find which setting it is and write it with its unit in `environment` (30s, 5m, 1h30m).',
  },
  {
    kind: 'setting-invalid',
    form: /invalid socket address|AddrParseError/,
    cause: '{who} was given a listen address that is not valid.',
    remedy:
      'Set it in `environment` as address and port with an IP address (0.0.0.0:8080), not a host name or a port alone.',
  },
  {
    kind: 'file-missing',
    form: /\bcd: (?:line \d{1,4}: )?(?:can't cd to )?(?<path>[\w./~-]{1,200}?)(?:: No such file or directory)?$/,
    not: /not set|permission|denied|too many/,
    cause: 'A script or command of the container{container} changes to the folder {path}, which is not there.',
    remedy:
      'Correct the path in `command` or the script (relative ones start at WORKDIR), or COPY the folder into the final stage.',
  },
  {
    kind: 'stated',
    form: /^(?:\S{1,80}: line \d{1,6}: +\d{1,6} )?Killed\b(?: {2,}\S.{0,160})?$/,
    cause:
      'A process in the container{container} was killed (SIGKILL), as a rule because the container has reached its memory limit.',
    remedy:
      'Raise the memory of the container and task (input `memory`), or start fewer workers or a smaller heap; the memory graph of the service (Container Insights) shows whether it grew to the limit.',
  },
  {
    kind: 'capability-missing',
    form: /^(?:\S{1,80}: )?(?:\S{1,80}: )?(?:line )?(?:\d{1,6}: )?(?:exec:? )?(?<path>\/(?:[\w.+-]{1,80}\/){0,10}[\w.+-]{1,80}): Operation not permitted$|exec(?:ve|v|_cmd)?(?:\(\))?:? ["']?(?<path2>\/[\w.+/-]{1,200})["']?.{0,20}: [Oo]peration not permitted/,
    not: /chown|chmod|chgrp|mount|mkdir|cannot|can't|kill|nice|touch|rm:|ln:|cp:|mv:/,
    cause:
      '{path} may not be started in the container{container}: as a rule the file carries a Linux capability (setcap) that the container does not have.',
    remedy:
      'Take it off the file in the final stage (RUN setcap -r {path}; for Vault also disable_mlock = true). Or give it to the container in linuxParameters.capabilities.add, which on Fargate knows SYS_PTRACE only.',
  },
  {
    kind: 'capability-missing',
    form: /\b(?:unprivileged )?user[ -]namespaces?\b.{0,120}(?:not (?:available|permitted|allowed|supported|enabled)|disabled|denied|required)|\b[Nn]o (?:usable |user-namespace )sandbox\b|[Ff]ailed to move to new namespace/,
    cause: '{who} isolates its own processes with user namespaces, which the container may not create: {line}',
    remedy:
      'Turn its sandbox off where the program allows that (--no-sandbox for Chromium: the container is the border then), or run the task on EC2 with a host that permits them; Fargate has none.',
  },
  {
    kind: 'user-unknown',
    form: /unknown user ['"]?(?<name>[\w.-]{1,40})['"]?$|(?:chown|install|su|gosu|su-exec|setpriv): (?:invalid user:?|user|unknown user\/group) ['"‘]?(?<name2>[\w.:-]{1,40})['"’]?(?: does not exist)?|error: failed switching to "(?<name3>[\w.-]{1,40})": unable to find user|no users found|No user exists for uid (?<name4>\d{1,9})/,
    cause: 'The user {name} does not exist in the image of the container{container}.',
    remedy:
      'Create it in the Dockerfile (adduser), or correct the name in the script, in `user` of the container definition or in the configuration of the server.',
  },
  {
    kind: 'kernel-limit',
    form: /\(24: No file descriptors available\)|\(24: Too many open files\)|socketpair\(\) failed while spawning/,
    cause: '{who} has reached its limit of open files: {line}',
    remedy: 'Raise `ulimits` of the container definition (name nofile, softLimit and hardLimit 65536).',
  },
  {
    kind: 'command-missing',
    form: /(?:line )?\d{1,6}: (?:source|shopt|declare|typeset|pushd|popd|\[\[|function|let|mapfile|readarray|select|compgen): (?:command )?not found/,
    cause: 'A script of the container{container} is written for bash and runs under another shell (sh): {line}',
    remedy:
      'Install bash in the image and begin the script with #!/bin/bash (or start it with bash), or write it for sh (. instead of source, [ ] instead of [[ ]]).',
  },
  {
    kind: 'not-executable',
    form: /(?:line )?\d{1,6}: (?<name>(?:\.{1,2}\/[\w./+-]{1,200}|\/[\w./+-]{0,200}(?:\.sh|\.py|\/s?bin\/[\w.+-]{1,80}))): Permission denied/,
    cause: '{name} may not be executed in the container{container}: it has no execute permission for its user.',
    remedy:
      'Give it that in the Dockerfile (COPY --chmod=755, RUN chmod +x) or in Git (git update-index --chmod=+x), or start it through its interpreter (sh {name}).',
  },
  {
    kind: 'stated',
    form: /(?:can't create |cannot create )(?<path>[\w@%+=,./-]{1,250}): (?:nonexistent directory|Directory nonexistent)/,
    cause: 'A script of the container{container} writes the file {path}, and its folder is not in the container.',
    remedy:
      'Make the folder in the Dockerfile (RUN mkdir -p, owned by the user of the container), mount a volume there, or let the program log to stdout.',
  },
  {
    kind: 'stated',
    form: /\d{1,6}: (?:can't create |cannot create )?(?<path>\/[\w@%+=,./-]{1,250}): Is a directory/,
    cause: 'A script of the container{container} uses {path} as a file, and it is a folder there.',
    remedy:
      'A volume is mounted at that path, or the image has a folder of that name: containerPath in mountPoints names a folder, never a file. COPY the file into the image, or mount the volume at another folder and name the file in it.',
  },
  {
    kind: 'permission-denied',
    form: /(?:line )?\d{1,6}: (?:can't create |cannot create )?(?<path>\/[\w@%+=,./-]{1,250}): Permission denied/,
    cause:
      'A script of the container{container} may not use {path} (write, read or run it) as the user of the container.',
    remedy: [
      'Give that file or folder to the user in the Dockerfile (RUN chown, COPY --chown), or let the script write to a folder that is its own (/tmp, a volume).',
      { for: 'efs', words: ' On an EFS volume use an access point with the uid of the user.' },
    ],
  },
  {
    kind: 'read-only',
    form: /(?:line )?\d{1,6}: (?:can't create |cannot create )?(?<path>\/[\w@%+=,./-]{1,250}): Read-only file system/,
    cause:
      'A script of the container{container} writes to {path}, but the file system is read-only (readonlyRootFilesystem or a read-only mount).',
    remedy:
      'Mount a writable volume there (a task volume without host path; on EC2 also tmpfs), or set readonlyRootFilesystem to false.',
  },
  {
    kind: 'command-missing',
    form: /(?<name>\/\S{1,200}): (?<by>\/[^\s:^]{1,200}): bad interpreter: No such file/,
    not: /\^M|\\r/,
    cause:
      'The script {name} in the image of the container{container} begins with #!{by}, and that interpreter is not in the image.',
    remedy: [
      'Install it in the final stage at that path, or change the first line of the script.',
      {
        for: 'python',
        words:
          ' A virtual environment copied from another stage needs the same base image and the same path in both, as its scripts name the Python of the stage that made it.',
      },
    ],
  },
  isA('command-missing', /(?<name>\/[\w./+-]{1,200}): cannot execute: required file not found/),
  {
    kind: 'command-missing',
    form: /env: (?:can't execute|can.t find) ['"‘]?(?<name>[\w./+-]{1,80})['"’]?: No such file/,
    cause:
      'The program {name} is not in the image of the container{container}, and a script asks for it in its first line (#!).',
    remedy: [
      'Install {name} in the final stage',
      { examples: [{ for: 'alpine', words: 'Alpine has no bash by itself: apk add bash' }] },
      ', or change the first line to #!/bin/sh.',
    ],
  },
  {
    kind: 'stale-pid-file',
    form: /EADDRINUSE.{0,40}?(?<path>\/[\w./-]{1,120}\.sock\w{0,4})|[Aa]ddress already in use.{0,60}unix:(?<path2>\/[\w./-]{1,120})|listen unix (?<path4>\/[\w./-]{1,120}): bind: address already in use|bind\(\) to unix:(?<path3>\/[\w./-]{1,120}) failed \(98/,
    cause:
      'The socket file {path} is there already (left in the image or on a volume by an earlier run), so the server in the container{container} cannot create it.',
    remedy:
      'Remove it before the start (rm -f {path} in the entrypoint), or keep it out of the image and off the volume.',
  },
  {
    kind: 'stated',
    form: /No usable temporary directory found/,
    cause: '{who} finds no folder for temporary files that it may write to.',
    remedy:
      'Mount a writable volume at /tmp (a task volume without host path; on EC2 also tmpfs) where readonlyRootFilesystem is true, or give /tmp mode 1777 in the Dockerfile.',
  },
  {
    kind: 'setting-invalid',
    form: /address tcp\/(?<value>\S{1,60}): unknown port|invalid port "?(?<value2>[^\s"]{1,60})"? after host|listen tcp:? \S{0,60}too many colons in address|missing port in address/,
    cause: '{who} was given an address or port that it cannot use: {line}',
    remedy:
      'Set the port or address in `environment` to what the program expects (a plain number for PORT, :8080 or 0.0.0.0:8080 for an address), without quotes or spaces.',
  },
  {
    kind: 'setting-invalid',
    form: /strconv\.(?:Atoi|Parse\w{2,6}): parsing "(?<value>[^"\n]{0,80})": (?:invalid syntax|value out of range)|NumberFormatException: (?:For input string: "(?<value2>[^"\n]{0,80})|Cannot parse null)|invalid literal for (?:int|float)\(\) with base \d{1,2}: ['"](?<value3>[^'"\n]{0,80})|could not convert string to float: ['"](?<value4>[^'"\n]{0,80})|invalid value for (?:Integer|Float)\(\): "(?<value5>[^"\n]{0,80})|Parse(?:Int|Float|Bool)Error|The input string ['"](?<value6>[^'"\n]{0,80})['"] was not in a correct format|Input string was not in a correct format|int\(\) argument must be a string|invalid truth value|Cannot convert \S{1,60} to a BigInt/,
    cause: '{who} reads a value that should be a number (or yes/no) and is not one{: value}{at}: {line}',
    remedy:
      'Find in the stack which value it is; if it comes from a setting, correct it in `environment` or `secrets`: set, no unit, quotes, spaces or placeholder. A variable named *_PORT may be set by another tool to an address.',
  },
  {
    kind: 'variable-missing',
    form: /^(?:\S{1,120}: )?(?:line )?\d{1,6}: (?<name>[A-Za-z_]\w{0,80}): (?:unbound variable|parameter not set|parameter null or not set)/,
    cause: 'A script of the container{container} uses the variable {name}, which is not set.',
    remedy:
      'Set {name} in `environment` or `secrets` (inputs `environment-variables`, `secrets`), or give it a default in the script.',
  },
  {
    kind: 'script-error',
    form: /^(?:\/bin\/)?(?:ba|da|a)?sh: (?:0: )?(?:-c: )?(?:line )?\d{0,4}:? ?(?:Syntax error|syntax error)|[Ss]yntax error(?:: near unexpected|: unterminated|: end of file unexpected|: "|: word unexpected| near unexpected token| near `)/,
    not: /SQL/i,
    cause: 'A shell in the container{container} cannot read its script or command: {line}',
    remedy:
      'Correct it at that place: quotes and brackets that do not close, bash syntax ([[ ]], arrays) in a script that runs under sh, or Windows line ends. In `command` each word is an item of its own; a shell line is ["sh", "-c", "..."].',
  },
  {
    kind: 'permission-denied',
    form: /sh: (?:0: )?(?:cannot open|can't open) ['"]?(?<path>[^\s'":]{1,200})['"]?: Permission denied/,
    cause: 'The user of the container{container} may not read the script {path} that the shell is started with.',
    remedy:
      'Give it to that user in the Dockerfile (COPY --chmod=755, or --chown=USER); each folder above it must be open to the user as well.',
  },
  {
    kind: 'file-missing',
    form: /sh: (?:0: )?(?:cannot open|can't open) ['"]?(?<path>[^\s'":]{1,200})/,
    cause: 'The shell of the container{container} is started with the script {path}, which is not in the image.',
    remedy:
      'COPY it into the final stage, and write its place in full in ENTRYPOINT or `command`; WORKDIR is where relative paths start. A volume mounted over its folder hides it.',
  },
  {
    kind: 'unreachable',
    form: /wait-for(?:-it)?\.?(?:sh)?: timeout occurred after waiting \d+ seconds for (?<host>[\w.-]{1,120}):(?<port>\d{1,5})|Timeout after (?:\d+s )?waiting (?:for|on)(?: dependencies)? ?(?:to become available: )?\[?(?:tcp:\/\/)?(?<host2>[\w.-]{0,120}):?(?<port2>\d{0,5})|(?<host3>[\w.-]{1,120}):(?<port3>\d{1,5}) (?:still )?(?:is )?unavailable - /,
    cause: '{who} waited for {host|a server}:{port} when it started, and could not connect to it in time.',
    remedy:
      'Check that name: the names of Docker Compose do not exist in ECS (use localhost for a container of the same task, Service Connect or Cloud Map for another service). Then allow TCP {port|on its port} in the security group of that server from the tasks.',
  },
  {
    kind: 'runtime-mismatch',
    technology: ['alpine', 'native'],
    form: /Error relocating (?<path>\S{1,160}): (?<name>\S{1,80}): symbol not found/,
    cause:
      '{path} was built for glibc (it asks for {name}), and the image of the container{container} has musl (Alpine).',
    remedy: [
      'Build it on Alpine as well',
      { examples: [{ for: 'go', words: 'or statically: CGO_ENABLED=0' }, 'target x86_64-unknown-linux-musl'] },
      ', or use a base image with glibc (debian:slim, distroless).',
    ],
  },
  {
    kind: 'pem-invalid',
    form: /key values mismatch|X509_check_private_key|private key does not match (?:public key|the certificate)/,
    cause: 'The key and the certificate that the program in the container{container} was given do not belong together.',
    remedy:
      'Give it the key that the certificate was made with (both from the same renewal), in `secrets` or on the volume; the own certificate comes first in the chain file.',
  },
  {
    kind: 'stated',
    form: /^(?:ERROR: ){0,2}(?:remote: )?(?:ERROR: )?We're doing an SSH key audit/,
    cause: 'GitHub holds the SSH key that the container{container} uses back until its owner approves it (key audit).',
    remedy:
      'Open the link that GitHub printed below it as the owner of the key and approve it, or replace the key in `secrets`.',
  },
  {
    kind: 'stated',
    form: /(?<path>\/[\w./+-]{1,200})['"]?: Text file busy|ETXTBSY.{0,80}?(?<path2>\/[\w./+-]{1,200})/,
    cause: 'A program that is still open for writing was started in the container{container}: {line}',
    remedy:
      'Let what writes the file close it before it is started (write under another name, then rename; no start script that copies itself), or put it into the image instead of making it at the start.',
  },
];
