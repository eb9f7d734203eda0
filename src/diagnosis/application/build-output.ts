/**
 * What a build step should have left in the image: assets and manifests of front ends, published assemblies, compiled
 * parts of packages. The application names the file; which build makes it, and which copy forgot it, is known here.
 */
import { type Row, rowsOf } from './row.ts';

/** Servers of any language look up the assets of a front end in a manifest that its bundler writes. */
const MANIFESTS: readonly Row[] = [
  {
    kind: 'file-missing',
    technology: ['php', 'node'],
    form: /(?:Vite manifest|Mix manifest|The Mix manifest|hot file)(?: does)? not (?:found at|exist)(?: at)?:? ?(?<path>\/\S{1,200}?\.json)?(?=[\s."'{]|$)|Unable to locate file in Vite manifest: (?<path2>\S{1,160}?)\.?(?=[\s"'{]|$)|Unable to locate Mix file: (?<path3>\S{1,160}?)\.?(?=[\s"'{]|$)/,
    cause:
      'The built front end of the application{container} is not in the image: {path|its manifest} is missing, which the build of the assets writes.',
    remedy:
      'Build the assets in the Dockerfile (npm ci && npm run build, in a stage of its own) and copy the result (COPY --from=STAGE /app/public/build public/build) into the final stage. Git and .dockerignore leave it out of the context, and a volume over public/ hides it.',
  },
  {
    kind: 'file-missing',
    technology: ['php', 'node'],
    form: /Could not find the entrypoints file from Webpack: the file "(?<path>[^"\n]{1,200})" does not exist|Asset manifest file "(?<path2>[^"\n]{1,200})" does not exist|Could not find the entry "(?<path3>[^"\n]{1,120})" in "[^"\n]{1,200}entrypoints\.json"/,
    cause:
      'The assets of Webpack Encore are not in the image of the container{container}: {path|their list} is missing there.',
    remedy:
      'Build them in the Dockerfile (npm ci && npm run build in a stage with Node.js) and copy public/build into the final stage; check that .dockerignore or a volume does not take it away.',
  },
  {
    kind: 'file-missing',
    technology: ['python', 'node'],
    form: /Cannot read Vite manifest file for app \S{1,40} at (?<path>\/\S{1,200}?)(?: :|$)|Cannot find \S{1,160} for app=\S{1,40} in Vite manifest at (?<path2>\S{1,200})|Error reading (?<path3>\S{1,200}webpack-stats\.json)\. Are you sure webpack has generated/,
    cause:
      'The built front end of the application{container} is not in the image: {path|its manifest} is missing, which the build of the assets writes.',
    remedy:
      'Build the assets in a stage with Node.js (npm ci && npm run build), copy the result into the final stage to the place that the settings name, and run manage.py collectstatic after that.',
  },
  {
    kind: 'file-missing',
    technology: ['ruby', 'node'],
    form: /Vite Ruby can't find (?<name>\S{1,120}) in (?:the )?manifests?|MissingEntrypointError|(?:Webpacker|Shakapacker) can't find (?<name2>\S{1,120}) in|The asset ['"](?<name3>[^'"\n]{1,120})['"] was not found in the load path/,
    cause:
      'The asset {name|that the line names} is not among the compiled assets in the image of the container{container}.',
    remedy:
      'Compile the assets in the Dockerfile (SECRET_KEY_BASE_DUMMY=1 rails assets:precompile, after npm ci or yarn install where a bundler needs it) and copy public/ and app/assets/builds into the final stage. A build folder that .gitignore or .dockerignore names is not in the context.',
  },
  {
    kind: 'file-missing',
    technology: 'elixir',
    form: /[Cc]ould not find static manifest at "(?<path>[^"\n]{1,200})"/,
    cause: 'The digested assets of Phoenix are not in the release: {path} is missing.',
    remedy:
      'Run mix assets.deploy (or mix phx.digest) in the Dockerfile before mix release, so that priv/static with its cache_manifest.json is in the release.',
  },
];

const FRONT_ENDS: readonly Row[] = rowsOf('node', [
  {
    kind: 'stated',
    form: /"next start" does not work with "output: standalone"/,
    cause:
      'The container{container} starts Next.js with `next start`, and next.config has output: standalone, which that command does not serve.',
    remedy:
      'Start it with ["node", "server.js"] in `command` or CMD, in the folder to which .next/standalone is copied, with .next/static and public copied into it; or remove output: standalone.',
  },
  {
    kind: 'entry-missing',
    form: /[Cc]ould not find a production build in the ['"](?<path>[^'"\n]{1,200})['"] directory/,
    cause:
      'Next.js finds no build of the application{container} in {path}: it was not built in the image, or the build was not copied into the final stage.',
    remedy:
      'Run next build in the Dockerfile and COPY --from the build stage .next (or .next/standalone with .next/static and public) into WORKDIR. .dockerignore may leave out .next of your machine, not that of the build stage.',
  },
  {
    kind: 'file-missing',
    form: /ENOENT.{0,60}['"](?<path>[^'"\n]{0,200}\.next\/[^'"\n]{1,120})['"]|Cannot find module ['"](?<path2>[^'"\n]{0,200}\.next\/(?!standalone)[^'"\n]{1,160})['"]/,
    cause: 'The build of Next.js in the image of the container{container} is not complete: {path} is missing.',
    remedy:
      'Run next build in the Dockerfile and copy the whole .next folder (with output: "standalone" the content of .next/standalone, and .next/static and public beside it). Start that build with next start or node server.js, not with next dev.',
  },
  {
    kind: 'stated',
    form: /Couldn't find any `pages` or `app` directory/,
    cause:
      'Next.js builds or starts in development mode in the container{container}, and its sources are not in the image.',
    remedy:
      'Run next build in the Dockerfile and start the result: `command` or CMD ["node", "server.js"] for output: "standalone", otherwise next start.',
  },
  {
    kind: 'module-missing',
    form: /'sharp' is required to be installed in standalone mode/,
    cause: 'The standalone build of Next.js in the container{container} optimizes images with sharp, which it lacks.',
    remedy:
      'Add sharp to the dependencies and install them in the build stage for the platform of the image, so that next build copies it into .next/standalone; or set images: { unoptimized: true } in next.config.',
  },
  {
    kind: 'stated',
    form: /No build files found in (?<path>\S{1,160}?\.nuxt\S{0,60}?)\.?$|Cannot find nitro\.json|Did you run nuxi build first/,
    cause: 'Nuxt finds no build of the application{container}.',
    remedy:
      'Run nuxt build in the Dockerfile and copy the whole .output folder into the final stage; start it with node .output/server/index.mjs, not with nuxi preview or nuxt start.',
  },
  {
    kind: 'module-missing',
    form: /Cannot find (?:package|module) ['"](?<path>[^'"\n]{0,160}\.output\/server\/node_modules\/(?<name>(?:@[\w.-]{1,60}\/)?[\w.-]{1,80}))\/?[^'"\n]{0,160}['"]/,
    cause: 'The server that Nuxt built lacks the package {name}: .output in the image is not complete.',
    remedy:
      'Copy the whole folder .output from the build stage (COPY --from=build /app/.output .output); a line node_modules or **/node_modules in .dockerignore removes .output/server/node_modules when it comes from the context.',
  },
  {
    kind: 'file-missing',
    form: /The directory ["'](?<path>[^"'\n]{1,160})["'] does not exist\. Did you build your project\?/,
    cause: 'Vite has no build to serve in the container{container}: the folder {path} is not in the image.',
    remedy:
      'Run npm run build in the Dockerfile and copy the result into the final stage; serve it with a web server rather than with vite preview.',
  },
  {
    kind: 'module-missing',
    form: /Cannot find module ['"](?<name>(?:@|~)\/[^'"\n]{1,160}|(?:src|app)\/[^'"\n]{1,160})['"]/,
    cause:
      'The compiled code of the application{container} imports {name}, a path of the TypeScript sources (baseUrl, paths) that Node.js does not know.',
    remedy:
      'Let the build rewrite such paths (tsc-alias after tsc, a bundler, or package.json "imports"), or import by relative paths. Nothing has to be copied or installed.',
  },
]);

/** Compiled parts of packages that were built, or fetched, for another platform than the image. */
const NATIVE: readonly Row[] = [
  {
    kind: 'module-missing',
    technology: 'node',
    form: /Could not locate the bindings file\. Tried:.{0,200}?node_modules\/(?<name>(?:@[\w.-]{1,60}\/)?[\w.-]{1,80})\/|Could not locate the bindings file|No native build was found for platform=.{0,400}?loaded from: \S{0,200}?node_modules\/(?<name2>(?:@[\w.-]{1,60}\/)?[\w.-]{1,80})|No native build was found for platform=|You installed (?<name3>esbuild) for another platform|The package "(?<name4>@[\w.-]{1,40}\/[\w.-]{1,60}(?:linux|darwin|win32)[\w.-]{0,20})" could not be found, and is needed by/,
    cause:
      'The native part of {name|a package} is not in node_modules of the container{container} for its platform (Linux, libc and architecture of the image).',
    remedy:
      'Install the packages in the image (npm ci in the Dockerfile, in a stage with the same base and architecture as the final one; with python3, make and g++ where it is compiled), and leave node_modules out of the context (.dockerignore).',
  },
  {
    kind: 'module-missing',
    technology: 'python',
    form: /cannot import name ['"](?<name>_imaging)['"] from ['"](?<package>PIL)|No module named ['"](?<package2>pydantic_core|cryptography\.hazmat\.bindings|orjson|psycopg_binary|lxml|_cffi_backend|numpy\.core|rpds|tokenizers)\b(?:\.(?<name2>_\w{2,40}|rpds|orjson|etree|tokenizers))?['"]|(?<package3>Importing the numpy C-extensions) failed/,
    not: /No module named ['"](?:orjson|lxml|rpds|tokenizers|pydantic_core)['"]/,
    cause:
      'The compiled part of a Python package in the container{container} does not fit its Python version, libc or architecture: {line}',
    remedy:
      'Install the packages in the image, in a stage with the same Python version, base image and architecture as the final one; no site-packages or vendored folder from your machine or from another stage (.dockerignore).',
  },
];

const PUBLISHED: readonly Row[] = [
  {
    kind: 'entry-missing',
    technology: 'dotnet',
    form: /The library 'libhostpolicy\.so' required to execute the application was not found in '(?<path>[^'\n]{1,200})'/,
    cause:
      'The published output in {path} of the container{container} is not complete: the host finds no *.runtimeconfig.json beside the dll, so it takes the application for a self-contained one.',
    remedy:
      'Copy the whole output of dotnet publish -c Release -o OUT into the final stage (COPY --from=build /OUT .), not the dll alone, and start that dll (ENTRYPOINT ["dotnet", "NAME.dll"]).',
  },
  {
    kind: 'module-missing',
    technology: 'dotnet',
    form: /An assembly specified in the application dependencies manifest \((?<manifest>[^)\n]{1,160})\) was not found:/,
    cause:
      'The published output of the container{container} is not complete: an assembly that {manifest} lists is missing.',
    remedy:
      'Copy the whole output of dotnet publish (not of dotnet build, and not single files) into an empty folder of the final stage, and build without an old bin and obj from the context (.dockerignore).',
  },
  {
    kind: 'entry-missing',
    technology: 'dotnet',
    form: /Couldn't find a project to run\. Ensure a project exists in (?<path>\/\S{0,160}?),/,
    cause:
      'The container{container} is started with dotnet run, and {path} has no project: the image has only its output.',
    remedy:
      'Start the published dll (ENTRYPOINT or `command` ["dotnet", "NAME.dll"]); dotnet run and dotnet watch are tools of development that need the SDK and the sources.',
  },
  {
    kind: 'entry-missing',
    technology: 'jvm',
    form: /(?<name>org\.springframework\.boot\.loader\.(?:Jar|War|Properties)Launcher)\b/,
    cause:
      'The container{container} starts {name}, which Spring Boot has moved to org.springframework.boot.loader.launch since version 3.2 (or the layers of the jar were not all copied).',
    remedy:
      'Write the new name in ENTRYPOINT (org.springframework.boot.loader.launch.JarLauncher), or start the jar itself (java -jar app.jar). Of an extracted jar COPY all layers, spring-boot-loader among them.',
  },
  {
    kind: 'file-missing',
    technology: 'jvm',
    form: /(?<path>\S{0,160}quarkus-application\.dat)\b/,
    cause: 'The build of Quarkus in the image is not complete: {path} is missing, only part of quarkus-app was copied.',
    remedy:
      'COPY all of target/quarkus-app (lib/, app/, quarkus/ and quarkus-run.jar), with quarkus-run.jar at its top, and start java -jar quarkus-run.jar.',
  },
  {
    kind: 'stated',
    technology: 'jvm',
    form: /no org\.springframework\.boot\.\S{0,80}ServletWebServerFactory bean defined|missing ServletWebServerFactory bean/,
    cause:
      'Spring Boot finds no web server in the jar of the container{container}: the starter is missing or only provided, or the jar was made by a plugin that overwrote the lists in META-INF.',
    remedy:
      'Add spring-boot-starter-web (with Tomcat not as provided), build the jar with spring-boot:repackage or bootJar instead of shade or assembly, and start that one (not *-plain.jar or *.jar.original).',
  },
];

export const BUILD_OUTPUT: readonly Row[] = [...MANIFESTS, ...FRONT_ENDS, ...NATIVE, ...PUBLISHED];
