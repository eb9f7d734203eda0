/** nginx, Apache, HAProxy, Envoy, Caddy and Traefik; collectors and agents: OpenTelemetry, Fluent Bit, Datadog, Vector. */
import { isA, type Row, rowsOf } from './row.ts';

const NGINX: readonly Row[] = rowsOf('nginx', [
  {
    kind: 'configuration-invalid',
    form: /you should increase (?:either )?(?<name>\w{3,40}_hash_(?:bucket|max)_size)/,
    cause: 'A name in the configuration of nginx is longer than {name} allows.',
    remedy: 'Raise it in the block http of the configuration, such as {name} 128.',
  },
  {
    kind: 'configuration-invalid',
    form: /socket\(\) \[::\]:(?<port>\d{1,5}) failed \(97: Address family not supported/,
    cause: 'nginx listens on IPv6, which the network of the task does not have.',
    remedy: 'Remove the line listen [::]:{port} from its configuration.',
  },
  {
    kind: 'dns',
    form: /no resolver defined to resolve (?<host>[\w.-]{1,253})/,
    cause: 'nginx has no resolver for the name {host}, which it looks up at run time (proxy_pass with a variable).',
    remedy: 'Add resolver 169.254.169.253 valid=10s; (the DNS of the VPC) to the http or server block.',
  },
  {
    kind: 'configuration-invalid',
    form: /(?:host not found in (?:upstream|resolver|"?listen"?)|invalid (?:port|host) in (?:upstream|resolver)) ["']?\$\{?(?<name>\w{1,60})\}?["']?(?: in (?<path>\S{1,200}?):(?<lineNumber>\d{1,6}))?/,
    cause:
      'nginx takes ${name} for the text of a host{ (path)}: at that place (resolver, upstream, listen) its configuration has no variables.',
    remedy:
      'Write the address itself there (for resolver 169.254.169.253, the DNS of the VPC), or fill it in before nginx starts: put the file as *.template into /etc/nginx/templates/ with the variable there, and set it in `environment` (the official image runs envsubst).',
  },
  isA('dns', /host not found in (?:upstream|resolver) ["']?(?<host>[\w.-]{1,253})/),
  {
    // Every nginx image has this file: where it is not there, something lies over its folder.
    kind: 'file-missing',
    form: /open\(\) "(?<path>\/etc\/nginx\/nginx\.conf)" failed \(2: No such file/,
    cause:
      'nginx in the container{container} does not find {path}, which its image has by itself: a volume of the task (mountPoints) lies over /etc/nginx and hides what the image has there, or a step of the Dockerfile removed it.',
    remedy:
      'Take the volume out of the task definition, or mount it at a folder that the image does not use (/etc/nginx/conf.d for site files alone); put your configuration into the image by COPY. Without such a volume look for RUN rm in the Dockerfile.',
  },
  {
    // A brace came before the semicolon: of a block, or of a placeholder.
    kind: 'configuration-invalid',
    form: /directive "(?<name>\w{1,60})" is not terminated by ";" in (?<path>\S{1,200}?):(?<lineNumber>\d{1,6})/,
    cause:
      'nginx refuses its configuration {path}:{lineNumber}: an opening brace stands before the semicolon of {name}. That is a placeholder of a template that was not filled yet (two braces around a name), or the semicolon is missing before a block.',
    remedy:
      'Look at that line in the running image. For a placeholder let the script that fills the file end before nginx starts (wait for it, not for a number of seconds), with its values in `environment`; otherwise write the semicolon.',
  },
  {
    kind: 'configuration-invalid',
    form: /"(?<name>\w{1,60})" directive is not allowed here(?: in (?<path>\S{1,200}?):(?<lineNumber>\d{1,6}))?/,
    cause: 'nginx refuses its configuration: the directive {name} stands in a block where it is not allowed{ (path)}.',
    remedy:
      'Move it: a file in conf.d/ stands inside of http and holds server blocks only; worker_processes, events, http and user belong into nginx.conf itself (COPY it to /etc/nginx/nginx.conf).',
  },
  {
    kind: 'configuration-invalid',
    form: /unknown directive "(?<name>auth_request(?:_set)?|brotli\w{0,20}|more_(?:set|clear)_\w{2,20}|\w{2,20}_by_lua\w{0,20}|(?:lua|js|perl|geoip2?|auth_jwt|vhost_traffic_status|modsecurity|dav|image_filter|xslt|fancyindex|opentracing|otel|secure_link|real_ip|zstd|pagespeed|quic)_?\w{0,30}|set_real_ip_from|sub_filter|stub_status|http[23]|rtmp|stream|mail|ssl_preread)"(?: in (?<path>\S{1,200}?):(?<lineNumber>\d{1,6}))?/,
    cause:
      'The nginx of the image does not have the module with the directive {name}{ (path)}: it was built without it, is too old for it, or does not load it.',
    remedy:
      'Use an image whose nginx has that module (nginx -V lists what is built in), or install it and load it with load_module at the top of nginx.conf; or leave the directive out.',
  },
  {
    kind: 'configuration-invalid',
    form: /unknown directive "(?<name>[^"\n]{1,60})"(?: in (?<path>\S{1,200}?):(?<lineNumber>\d{1,6}))?/,
    cause: 'nginx does not know the directive {name}{ (path)}: it is misspelled, or its module is not in the image.',
    remedy:
      'Correct it in the configuration file, or use an image with that module (load_module). A name with odd characters points to a byte order mark or Windows line ends.',
  },
  {
    kind: 'configuration-invalid',
    form: /unknown "(?<name>\w{1,60})" variable/,
    cause:
      'nginx does not know the variable ${name|that the line names}: as a rule a placeholder that nothing replaced, or a variable of a module.',
    remedy:
      'Put the file as *.template into /etc/nginx/templates/ (the official image runs envsubst for variables that are set in `environment`), or escape it.',
  },
  {
    kind: 'configuration-invalid',
    form: /invalid parameter "resolve"(?: in (?<path>\S{1,200}?):(?<lineNumber>\d{1,6}))?/,
    cause:
      'The nginx of the image does not know the parameter resolve of an upstream server{ (path)}: it is there from version 1.27.3 on (before that in NGINX Plus only).',
    remedy:
      'Use an image of nginx 1.27.3 or newer (FROM nginx:1.28), with resolver and a zone in that upstream block; or leave resolve out.',
  },
  {
    kind: 'configuration-invalid',
    form: /invalid port in (?:upstream|resolver|url|"listen") ?"?(?<value>[^"\n]{0,120})|invalid (?:number of arguments in|parameter|value) "(?<name>[^"\n]{1,80})"|unexpected "(?<name2>[^"\n]{1,10})"|directive "(?<name3>\w{1,60})" (?:is not terminated|has no opening)|"(?<name4>\w{1,60})" directive (?:is duplicate|invalid)|duplicate (?:location|upstream|default server) "?(?<name5>[^"\n]{0,80})|no "(?<name6>\w{1,30})" section in configuration|host not found in "(?<name7>[^"\n]{1,80})" of the "listen"|invalid URL prefix/,
    not: /SQL|JSON|Error: |Exception/,
    cause: 'nginx refuses its configuration: {line}',
    remedy:
      'Correct the entry at that file and line. Where a value is empty, a variable of the template is not set in `environment`; run nginx -t in the image with the same variables.',
  },
  {
    kind: 'file-missing',
    form: /cannot load certificate(?: key)? "(?<path>[^"\n]{1,200})": BIO_new_file\(\) failed|cannot load certificate(?: key)? "(?<path2>[^"\n]{1,200})".{0,120}No such file/,
    cause: 'nginx needs the certificate or key {path}, which is not in the container.',
    remedy:
      'Let the load balancer end TLS and listen on plain HTTP in the container. For TLS up to the task bring the file by a volume or write it from `secrets` in the entrypoint.',
  },
  {
    kind: 'stdio-denied',
    form: /open\(\) ?["']?(?<path>\/docker\.std(?:out|err))["']? failed \((?:13: Permission denied|1: Operation not permitted)/,
    cause:
      'nginx may not open {path}, through which the image prints its logs, as the user of the container{container}: it belongs to the user that started the container.',
    remedy:
      'Start the container as the user that the entrypoint of the image expects (as a rule root: no USER, no `user`; nginx switches its workers itself). Or run everything as one user from the beginning, with access_log /dev/stdout and error_log /dev/stderr.',
  },
  {
    kind: 'permission-denied',
    form: /(?:mkdir\(\)|open\(\)) ?["']?(?<path>\/[^"'\n]{1,200})["']?.{0,40}failed \((?:13: Permission denied|1: Operation not permitted)/,
    cause: 'nginx may not write {path} as the user of the container{container}.',
    remedy:
      'Use the image nginxinc/nginx-unprivileged (port 8080, paths under /tmp), or give the folder and the pid file to that user in the Dockerfile.',
  },
  {
    kind: 'read-only',
    form: /(?:mkdir\(\)|open\(\)) ["'](?<path>\/[^"'\n]{1,200})["'] failed \(30: Read-only file system\)/,
    cause: 'nginx writes to {path}, but the file system is read-only (readonlyRootFilesystem or a read-only mount).',
    remedy:
      'Mount writable volumes at /var/cache/nginx, /var/run and /tmp (task volumes without host path; on EC2 also tmpfs), or set readonlyRootFilesystem to false.',
  },
  {
    kind: 'file-missing',
    form: /(?:open\(\)|mkdir\(\)) "(?<path>[^"\n]{1,200}(?:\.pid|_temp|cache[^"\n]{0,60}|\.log))" failed \(2: No such file/,
    cause:
      'nginx writes to {path}, whose folder does not exist in the container{container} (or a volume that is empty hides it).',
    remedy:
      'Create the folder in the Dockerfile (RUN mkdir -p) where the user of nginx may write, or set another path (pid /tmp/nginx.pid, access_log /dev/stdout).',
  },
  {
    kind: 'file-missing',
    form: /\[emerg\].{0,40}open\(\) "(?<path>[^"\n]{1,200})" failed \(2: No such file/,
    cause: 'nginx needs the file {path}, which is not in the container.',
    remedy: 'COPY it into the image at that place, or correct the include or path in the configuration of nginx.',
  },
  {
    kind: 'connection-refused',
    form: /no live upstreams while connecting to upstream|upstream prematurely closed connection|upstream timed out|connect\(\) failed \(11[013]: [\w ]{5,40}\) while connecting to upstream.{0,200}upstream: "(?<url>[^"\n]{1,160})/,
    cause: 'nginx in the container{container} gets no answer of the server behind it{ (url)}: {line}',
    remedy:
      'Check that the container behind it runs and listens on that port: in one task it is 127.0.0.1 (or the container name in bridge mode with links), its own error stands in its own log. dependsOn with condition HEALTHY lets nginx wait.',
  },
  {
    kind: 'file-missing',
    form: /\[ALERT\].{0,40}Could not open configuration file (?<path>\S{1,200}) : No such file/,
    cause: 'HAProxy finds no configuration file at {path} in the container{container}.',
    remedy:
      'COPY it to that path in the Dockerfile (the official image reads /usr/local/etc/haproxy/haproxy.cfg), or name its place in `command` (-f). A volume mounted over its folder hides what the image has there.',
  },
  {
    kind: 'configuration-invalid',
    form: /parsing \[(?<path>[^\]\n:]{1,200}):(?<lineNumber>\d{1,6})\]: Missing LF on last line/,
    cause:
      'HAProxy refuses its configuration {path}: its last line ({lineNumber}) does not end with a line end, so it may have been cut off.',
    remedy: 'End that file with an empty line, and check that it is whole where a template or an entrypoint writes it.',
  },
  {
    kind: 'configuration-invalid',
    form: /\[ALERT\].{0,60}(?:config|parsing)|\[ALERT\].{0,40}Fatal errors found in configuration|unknown keyword ['"](?<name>[^'"\n]{1,60})['"] in/,
    cause: 'HAProxy refuses its configuration: {line}',
    remedy:
      'Correct the entry at that file and line (haproxy -c -f FILE in the image). A server name of Docker Compose does not resolve in ECS: use init-addr none with a resolver, or 127.0.0.1 in one task.',
  },
  {
    kind: 'file-missing',
    form: /error initializing configuration '(?<path>[^'\n]{1,200})': (?:Invalid path|unable to read file): /,
    cause:
      'Envoy cannot read its configuration file {path}: it is not in the container{container}, or its user may not read it.',
    remedy:
      'COPY it to that path in the Dockerfile, readable for the user envoy (COPY --chown or --chmod=644), or name its place in `command` (-c). A volume mounted over its folder hides what the image has there.',
  },
  {
    kind: 'configuration-invalid',
    form: /error initializing config(?:uration)?\b|Proto constraint validation failed|Unable to parse JSON as proto|Protobuf message \(type (?<name>[\w.]{1,80})/,
    cause: 'Envoy refuses its configuration: {line}',
    remedy:
      'Correct the field that the line names in envoy.yaml (envoy --mode validate -c FILE in the image): it is unknown or lacks a value in this version of the API (v3).',
  },
  {
    kind: 'configuration-invalid',
    form: /adapting config using caddyfile|Caddyfile:\d{1,5}|unrecognized directive: (?<name>[\w.-]{1,60})/,
    cause: 'Caddy refuses its Caddyfile: {line}',
    remedy:
      'Correct that line (caddy validate in the image): a directive needs its module in the image, and a variable must be set in `environment`.',
  },
]);

const AGENTS: readonly Row[] = [
  {
    kind: 'file-missing',
    technology: 'firelens',
    form: /^(?:\[error\] )?(?:ERROR: )?No such file or directory\n.{0,60}file=(?<path>\S{1,200})/,
    cause: 'Fluent Bit (the log router) finds no configuration file at {path} in the container.',
    remedy:
      'COPY it into the image of the log router, and name that path in firelensConfiguration (config-file-type: file, config-file-value) or in `command` (-c).',
  },
  {
    kind: 'configuration-invalid',
    technology: 'firelens',
    form: /(?:Error in line |\[config\] (?:indentation level is too low\n[^\n]{0,60}\[config\] )?error in \S{1,200}:)(?<lineNumber>\d{1,6}): (?<reason>[Ii]nvalid indentation level|Key has an empty value|Extra characters after header definition|Undefined section|No current file)/,
    cause: 'Fluent Bit (the log router) cannot read line {lineNumber} of its configuration: {reason}.',
    remedy:
      'Correct that line: a [SECTION] stands at the start of its line, and all its keys are indented alike (spaces, no tabs). The file that FireLens writes itself is not meant to be edited: check the one that config-file-value names.',
  },
  {
    kind: 'configuration-invalid',
    technology: 'firelens',
    form: /\[config\] error in (?<path>\S{1,200}):(?<lineNumber>\d{1,6}): undefined key/,
    cause:
      'Fluent Bit (the log router) cannot read line {lineNumber} of {path}: it has a key without a value, or the file is no configuration in its classic format.',
    remedy:
      'Check that config-file-value in firelensConfiguration (or -c in `command`) names the configuration and no other file. In the classic format a line below a [SECTION] has a key and a value; a file in YAML has to end in .yaml.',
  },
  {
    kind: 'configuration-invalid',
    form: /cannot unmarshal !!str `(?<value>[^`\n]{1,60})` into map\[string\]interface/,
    near: /(?:OTel|ADOT|AOT|otelcol|collector)/i,
    cause:
      'The collector in the container{container} was given the text {value} where its whole configuration is expected, as a rule the name of a parameter instead of its content.',
    remedy:
      'Set AOT_CONFIG_CONTENT in `secrets` (valueFrom: the ARN of the SSM parameter), not in `environment`: ECS then puts the content of the parameter there.',
  },
  {
    kind: 'configuration-invalid',
    form: /(?:contents are not valid YAML|[Ww]hile parsing config|error loading config file.{0,120}|cannot load configuration.{0,40}): yaml: line (?<lineNumber>\d{1,6}): (?<reason>[^\n]{3,160})/,
    near: /(?:OTel|ADOT|otelcol|collector|receivers|exporters)/i,
    cause:
      'The configuration of the collector in the container{container} is not valid YAML at line {lineNumber}: {reason}.',
    remedy:
      'Correct that line of the file of --config or of AOT_CONFIG_CONTENT (`environment`, `secrets`): indent with spaces, quote values with ": " in them, and keep the line ends where a template or shell writes the text.',
  },
  {
    kind: 'configuration-invalid',
    technology: 'firelens',
    form: /section '(?<name>[\w.-]{1,60})' is missing the 'name' property/,
    cause:
      'Fluent Bit (the log router) refuses its configuration: the section {name} is one that this version does not know, or it has no Name.',
    remedy:
      'Correct that section in your file, or pin the image to the version that knew it (a numbered tag of aws-for-fluent-bit instead of stable).',
  },
  {
    kind: 'configuration-invalid',
    form: /at least one config flag must be provided|cannot load configuration: config file not specified/,
    cause: 'The OpenTelemetry collector of the container{container} is started without a configuration.',
    remedy:
      'Name it in `command` (--config=/etc/otelcol/config.yaml, or --config=env:NAME with the text in a variable) and bring that file into the image; for the AWS collector set AOT_CONFIG_CONTENT.',
  },
  {
    kind: 'configuration-invalid',
    form: /service::pipelines::(?<pipeline>[\w/]{1,60}): (?:references|must have)|references (?<what>receiver|exporter|processor|extension) "(?<name>[\w/.-]{1,80})" which is not configured|must have at least one (?<what2>receiver|exporter|pipeline)|no (?<what3>receiver|exporter)s? configuration specified|service must have at least one pipeline/,
    cause: 'The OpenTelemetry collector refuses its configuration: {line}',
    remedy:
      'Define that component at the top level (receivers, processors, exporters) and name it in service.pipelines, or remove the name from there. AOT_CONFIG_CONTENT or --config says which configuration is read.',
  },
  {
    kind: 'configuration-invalid',
    form: /['"]?(?:receivers|exporters|processors|extensions|connectors)['"]? (?:error reading configuration for|unknown type:?) "?(?<name>[\w/.-]{1,80})|unknown type: "(?<name2>[\w/.-]{1,80})" for id/,
    cause:
      'The OpenTelemetry collector in the image does not know the component {name|that the line names}, or not one of its options: {line}',
    remedy:
      'Use an image that contains it (otel/opentelemetry-collector-contrib, aws-otel-collector), a version that still has it (logging became debug), or remove it from the configuration.',
  },
  {
    kind: 'configuration-invalid',
    form: /failed to create "(?<name>[\w/.-]{1,80})" (?:exporter|receiver|processor|connector) for data type "(?<type>\w{1,20})": telemetry type is not supported/,
    cause: 'A pipeline of the OpenTelemetry collector uses {name} for {type}, which that component cannot do.',
    remedy: 'Remove {name} from the pipelines for {type} in service.pipelines, or use another component there.',
  },
  {
    kind: 'configuration-invalid',
    form: /^(?:ERROR: |Error: )invalid configuration: (?<name>[\w:/.-]{2,120}): (?<reason>.{1,200})/,
    cause: 'The OpenTelemetry collector refuses its configuration: {name}: {reason}',
    remedy:
      'Correct that entry in the configuration of the collector (the file of --config, or AOT_CONFIG_CONTENT in `environment` or `secrets`), by the README of that component for the version in the image.',
  },
  {
    kind: 'configuration-invalid',
    technology: 'firelens',
    form: /plugin name that (?:don'?t exists?|doesn't exist)|\b(?:Input|Output|Filter|Custom) plugin '(?<name3>[\w.-]{1,60})' cannot be loaded|\[config\] section ['"](?<name>[\w.-]{1,60})|(?:Section|section) \[(?<name2>\w{1,30})\] (?:is not valid|tried to instance a plugin name)/,
    cause: 'Fluent Bit (the log router) refuses its configuration: {line}',
    remedy:
      'Correct the name of the plugin in that section ([INPUT], [FILTER] or [OUTPUT]), or use an image that contains it (aws-for-fluent-bit for cloudwatch, firehose and kinesis).',
  },
  {
    kind: 'configuration-invalid',
    technology: 'firelens',
    form: /\[error\] \[(?:config|parser|filter|input)[^\]\n]{0,40}\] .{0,160}|\[error\] (?:could not open|cannot open|reading) configuration file|configuration file contains errors|could not open parser file|parser ['"](?<name>[\w.-]{1,60})['"] is not registered/,
    cause: 'Fluent Bit (the log router) reports: {line}',
    remedy:
      'Correct that entry or file: a configuration of your own is named by config-file-type and config-file-value in firelensConfiguration (s3 is not offered on Fargate: put the file into the image).',
  },
  {
    kind: 'request-denied',
    form: /API Key invalid, dropping|You must set (?:an )?(?:API key|DD_API_KEY)|\bDD_API_KEY\b.{0,40}(?:not set|missing|invalid|empty|required)|no API key configured|API key .{0,20}ending with \w{0,8} is invalid/i,
    not: /openai|stripe|sendgrid|google|maps|firebase|supabase|anthropic/i,
    cause: 'The Datadog agent (or client) has no valid API key: {line}',
    remedy:
      'Set DD_API_KEY in `secrets` to a key of that organisation, and DD_SITE in `environment` to its site (datadoghq.eu, us5.datadoghq.com).',
  },
];

/** OpenTelemetry Collector, and those built on it (ADOT): `type/name` of a component. */
const COMPONENTS: readonly Row[] = [
  {
    kind: 'setting-invalid',
    form: /(?:in ['"](?<id>[^'"\n]{1,120})['"] id: )?(?:invalid character\(s\) in (?<part>name|type) ['"](?<name>[^'"\n]{1,120})['"]|the part (?:before|after) \/ should not be empty|in (?:type|name) part)/,
    near: /error decoding '|'(?:receivers|exporters|processors|extensions|connectors|service)'/,
    cause:
      'The name {name|of a component} in the configuration of the collector{container} has a character that is not allowed in it: {line}',
    remedy:
      'Rename that component to TYPE/NAME with letters, digits, dashes, underscores and dots (prometheus/app_main), where it is defined and in service.pipelines.',
  },
];

export const PROXIES: readonly Row[] = [
  ...COMPONENTS,
  isA(
    'port-privileged',
    /error (?:initializing configuration|adding listener).{0,200}cannot bind '\S{0,60}:(?<port>\d{1,3})': Permission denied/,
  ),
  {
    kind: 'stated',
    form: /failed to initialize NodeCapacity: lstat (?<path>\/rootfs\/\S{1,60}): no such file/,
    cause:
      'The receiver awscontainerinsightreceiver of the collector reads the host of an EC2 node at {path}, which the container{container} does not have.',
    remedy:
      'In a task use the configuration for ECS (`command` ["--config=/etc/ecs/container-insights/otel-task-metrics-config.yaml"], receiver awsecscontainermetrics). As a daemon on EC2 mount /, /proc and /sys of the host below /rootfs.',
  },
  {
    kind: 'configuration-invalid',
    form: /no enabled (?<what>receivers|exporters|processors) specified in config/,
    cause:
      'The configuration that the collector in the container{container} was given has no {what}: it is empty, or not the one that was meant.',
    remedy:
      'Give it a whole configuration: `command` ["--config=/etc/ecs/ecs-default-config.yaml"], or the text in the variable AOT_CONFIG_CONTENT (`secrets` from an SSM parameter).',
  },
  {
    kind: 'configuration-invalid',
    form: /no inputs found, did you provide a valid config file|Error: No valid config found|Under path : (?<path>\/\S{0,120}) \| Error : (?<reason>[^\n]{3,160})|Configuration validation first phase failed/,
    cause:
      'The CloudWatch agent of the container{container} finds nothing to do in its JSON configuration, or refuses it{: reason}.',
    remedy:
      'Correct that JSON (variable CW_CONFIG_CONTENT, as a rule an SSM parameter in `secrets`): a section logs or metrics with metrics_collected that this version of the agent knows; use a current image of the agent.',
  },
  ...NGINX,
  ...AGENTS,
];
