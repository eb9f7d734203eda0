#!/usr/bin/env bash
# A real Docker engine (dockerd + BuildKit + buildx), an OCI registry with basic
# auth on loopback, and arm64 emulation, on a bare Debian machine whose only
# sources are the Debian mirrors that apt is already set up with.
#
#   engine.sh [start]   install what is missing, start what is not running
#   engine.sh install   only install
#   engine.sh env       print the exports that a test run needs
#   engine.sh status    what runs, with which version and memory
#   engine.sh stop      end this script's own processes, by pid
#   engine.sh clean     stop, and forget images, build cache and registry
#
# Every command may be repeated. Nothing is installed with dpkg: the programs are
# unpacked from .deb files into $ENGINE_HOME/pkg, so no package of the machine is
# replaced and no service is registered. Outside $ENGINE_HOME it touches only:
#   - a link to buildx in /usr/local/lib/docker/cli-plugins, so that docker finds
#     the plugin whatever DOCKER_CONFIG is set to (as on a hosted runner)
#   - the kernel's binfmt_misc table (one entry, taken back by `stop`)
#   - the docker0 bridge, which dockerd makes (taken back by `stop`)
#   - /run/containerd, where containerd's shims keep their sockets
#
# Settings, all optional:
#   ENGINE_HOME    where everything lives; keep it short: unix socket paths are
#                  limited to 107 characters
#   ENGINE_SUITES  Debian suites to take engine and buildx from; the first whose
#                  programs run here is used. trixie's buildx 0.13 puts a tag six
#                  times in one push, so it comes last. Only read when installing:
#                  remove $ENGINE_HOME/pkg to choose again.
#   ENGINE_QEMU    0: no arm64 emulation (RUN steps for arm64 then fail; COPY-only
#                  builds still work)
#   ENGINE_REGISTRY_PORT
set -euo pipefail

ENGINE_HOME=${ENGINE_HOME:-$HOME/.cache/ecs-rollout}
ENGINE_SUITES=${ENGINE_SUITES:-forky sid trixie}
ENGINE_QEMU=${ENGINE_QEMU:-1}
PORT=${ENGINE_REGISTRY_PORT:-5055}

PKG=$ENGINE_HOME/pkg      # unpacked programs
STATE=$ENGINE_HOME/state  # data, logs, pid files, socket
RUN=$STATE/run
SOCK=$RUN/docker.sock
REG=$STATE/registry
PLUGIN=/usr/local/lib/docker/cli-plugins/docker-buildx
BINFMT=/proc/sys/fs/binfmt_misc
export DOCKER_HOST=unix://$SOCK

say() { printf 'engine: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# ---------------------------------------------------------------- processes

# True if pid $1 is alive, is not a zombie (pid 1 here is slow to reap, and
# kill -0 succeeds on a zombie), and is the program $2 of ours: a pid file left
# from a killed session may name somebody else's process by now.
is_ours() {
  [[ -n ${1:-} && -r /proc/$1/status ]] || return 1
  ! grep -q '^State:[[:space:]]*[ZX]' "/proc/$1/status" 2>/dev/null || return 1
  local exe; exe=$(readlink "/proc/$1/exe" 2>/dev/null) || return 1
  [[ ${exe% (deleted)} == "$PKG/bin/$2" ]]
}
pid_in() { cat "$1" 2>/dev/null || true; }

# end PIDFILE PROGRAM SECONDS: SIGTERM, wait, SIGKILL; always by pid.
end() {
  local pid i; pid=$(pid_in "$1")
  if is_ours "$pid" "$2"; then
    kill "$pid" 2>/dev/null || true
    for ((i = 0; i < $3 * 20; i++)); do is_ours "$pid" "$2" || break; sleep 0.05; done
    if is_ours "$pid" "$2"; then say "$2 ($pid) ignored SIGTERM"; kill -9 "$pid" 2>/dev/null || true; sleep 0.2; fi
  fi
  rm -f "$1"
}

# launch LOGFILE COMMAND...: in the background, in a session of its own, holding
# neither our lock (fd 9) nor the caller's standard streams.
launch() { local log=$1; shift; setsid "$@" </dev/null >>"$log" 2>&1 9>&- & }

# ---------------------------------------------------------------- install

# apt with lists, cache and status of its own; $1 is its folder.
private_apt() {
  local a=$1; shift
  mkdir -p "$a"/{state/lists/partial,cache/archives/partial,none}; : >>"$a/status"
  apt-get -q -o Dir::State="$a/state" -o Dir::State::status="$a/status" -o Dir::Cache="$a/cache" \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts="$a/none" \
    -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

# take DEB DEST FILE...: unpack single files of a package, flat, into DEST.
take() {
  local deb=$1 dest=$2 tmp; shift 2
  tmp=$(mktemp -d -p "$ENGINE_HOME"); dpkg --fsys-tarfile "$deb" | tar -x -C "$tmp" "${@/#/.}"
  find "$tmp" -type f -exec mv -t "$dest" {} +; rm -rf "$tmp"
}

# The machine's own suite: runc (a newer suite's needs a newer libc), registry,
# static busybox for both architectures, qemu, and iptables with its libraries:
# even with --iptables=false dockerd runs it inside a container's own network
# namespace, to make names resolve in networks that a test creates.
fetch_base() {
  local a=$ENGINE_HOME/apt/base d=$ENGINE_HOME/debs/base want="runc docker-registry busybox-static busybox-static:arm64"
  local filter="iptables libxtables12 libip4tc2 libip6tc2 libnftnl11 libmnl0 libnetfilter-conntrack3 libnfnetlink0" p
  want+=" $filter"
  [[ $ENGINE_QEMU == 0 ]] || want+=" qemu-user-static"
  local multi=(-o APT::Architectures::=amd64 -o APT::Architectures::=arm64)
  mkdir -p "$d"; private_apt "$a" "${multi[@]}" update >"$d/log" 2>&1 || { cat "$d/log" >&2; return 1; }
  # shellcheck disable=SC2086
  (cd "$d" && private_apt "$a" "${multi[@]}" download $want >>log 2>&1) || { cat "$d/log" >&2; return 1; }
  take "$d"/runc_*.deb "$NEW/bin" /usr/sbin/runc &
  take "$d"/docker-registry_*.deb "$NEW/bin" /usr/bin/docker-registry
  mkdir "$NEW/amd64" "$NEW/arm64"
  take "$d"/busybox-static_*_amd64.deb "$NEW/amd64" /bin/busybox
  take "$d"/busybox-static_*_arm64.deb "$NEW/arm64" /bin/busybox
  for p in $filter; do dpkg -x "$d/${p}"_*.deb "$NEW/iptables"; done
  # shellcheck disable=SC2016
  printf '#!/bin/sh\nd=%s lib=x86_64-linux-gnu\nexport LD_LIBRARY_PATH=$d/usr/lib/$lib:$d/lib/$lib XTABLES_LIBDIR=$d/usr/lib/$lib/xtables\nexec $d/usr/sbin/xtables-nft-multi ${0##*/} "$@"\n' \
    "$PKG/iptables" >"$NEW/bin/iptables"
  chmod +x "$NEW/bin/iptables"; ln -s iptables "$NEW/bin/ip6tables"
  [[ $ENGINE_QEMU == 0 ]] || take "$d"/qemu-user-static_*.deb "$NEW/bin" /usr/bin/qemu-aarch64-static
  wait
}

# Engine and buildx from suite $1, over the mirror that apt already uses.
fetch_engine() {
  local suite=$1 a=$ENGINE_HOME/apt/$1 d=$ENGINE_HOME/debs/$1 mirror want="docker.io containerd docker-buildx tini-static"
  [[ $suite == trixie ]] && want=${want/tini-static/tini}
  command -v docker >/dev/null || want+=" docker-cli"
  # The mirror of the machine's own release, as apt names it; needs no lists.
  # shellcheck disable=SC1091
  mirror=$(. /etc/os-release; apt-get --print-uris update | sed -n "s#^'\(.*\)/dists/$VERSION_CODENAME/.*#\1#p" | head -n1)
  [[ -n $mirror ]] || { say "no Debian mirror found in apt's sources"; return 1; }
  mkdir -p "$a/sources" "$d"; rm -f "$d"/*.deb
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nArchitectures: amd64\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
    "$mirror" "$suite" >"$a/sources/engine.sources"
  local only=(-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$a/sources")
  # shellcheck disable=SC2086
  { private_apt "$a" "${only[@]}" update && cd "$d" && private_apt "$a" "${only[@]}" download $want; } >"$d/log" 2>&1 || return 1
  take "$d"/docker.io_*.deb "$NEW/bin" /usr/sbin/dockerd /usr/sbin/docker-proxy &
  take "$d"/containerd_*.deb "$NEW/bin" /usr/bin/containerd /usr/bin/containerd-shim-runc-v2
  take "$d"/docker-buildx_*.deb "$NEW/bin" /usr/libexec/docker/cli-plugins/docker-buildx
  take "$d"/tini*.deb "$NEW/bin" /usr/bin/tini-static && mv "$NEW/bin/tini-static" "$NEW/bin/docker-init"
  if compgen -G "$d/docker-cli_*.deb" >/dev/null; then take "$d"/docker-cli_*.deb "$NEW/bin" /usr/bin/docker; fi
  wait
  # A suite newer than the machine may want a newer libc: prove that it runs.
  "$NEW/bin/dockerd" --version && "$NEW/bin/containerd" --version && "$NEW/bin/docker-buildx" version
}

install_all() {
  if [[ ! -e $PKG/complete ]] || { [[ $ENGINE_QEMU != 0 ]] && [[ ! -e $PKG/bin/qemu-aarch64-static ]]; }; then
    [[ $(dpkg --print-architecture) == amd64 ]] || die "only made for an amd64 machine"
    local t=$SECONDS suite used=''
    NEW=$ENGINE_HOME/pkg.new; rm -rf "$NEW" "$ENGINE_HOME/debs"; mkdir -p "$NEW/bin"
    (fetch_base) & local base=$!
    for suite in $ENGINE_SUITES; do
      if (fetch_engine "$suite") >"$ENGINE_HOME/fetch-$suite.log" 2>&1; then used=$suite; break; fi
      say "suite $suite: engine not usable here, see $ENGINE_HOME/fetch-$suite.log"
    done
    wait "$base" || die "the machine's own packages could not be fetched"
    [[ -n $used ]] || die "no suite of '$ENGINE_SUITES' gave an engine that runs here"
    "$NEW/bin/runc" --version >/dev/null || die "runc does not run (libseccomp2 missing?)"
    (cd "$ENGINE_HOME/debs" && ls -- */*.deb) >"$NEW/complete"
    stop_all; rm -rf "$PKG"; mv "$NEW" "$PKG"; rm -rf "$ENGINE_HOME/debs" "$ENGINE_HOME/apt"
    say "installed from $used in $((SECONDS - t)) s"
  fi
  # Take over the plugin's name only if it is free, or a dangling link, or ours.
  if [[ $(readlink "$PLUGIN" || true) != "$PKG/bin/docker-buildx" ]] && { [[ ! -e $PLUGIN ]] || [[ -L $PLUGIN ]]; }; then
    mkdir -p "${PLUGIN%/*}"; ln -sfn "$PKG/bin/docker-buildx" "$PLUGIN"
  fi
}

# ---------------------------------------------------------------- start

start_binfmt() {
  [[ $ENGINE_QEMU != 0 && ! -e $BINFMT/qemu-aarch64 ]] || return 0
  [[ -e $BINFMT/register ]] || mount -t binfmt_misc binfmt_misc "$BINFMT" || { say "no binfmt_misc: no arm64 RUN steps"; return 0; }
  # F: the kernel opens qemu now, so containers need no copy of it. P: keep argv[0],
  # without which busybox run by /proc/self/exe picks the wrong applet. O, C: as Debian.
  printf '%s' ':qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:'"$PKG/bin/qemu-aarch64-static:POCF" >"$BINFMT/register"
}

# What a killed dockerd leaves: its containerd, mounts below our state, pid files.
clear_leftovers() {
  end "$RUN/exec/containerd/containerd.pid" containerd 5
  local p m
  for p in /proc/[0-9]*; do is_ours "${p#/proc/}" containerd-shim-runc-v2 && kill -9 "${p#/proc/}" 2>/dev/null; done || true
  while read -r m; do umount -l "$m" 2>/dev/null || true; done < <(awk -v s="$STATE/" 'index($2, s) == 1 {print $2}' /proc/mounts | sort -r)
  rm -f "$RUN/dockerd.pid" "$SOCK"
}

start_engine() {
  if is_ours "$(pid_in "$RUN/dockerd.pid")" dockerd && docker version >/dev/null 2>&1; then return; fi
  end "$RUN/dockerd.pid" dockerd 15; clear_leftovers
  mkdir -p "$RUN" "$STATE/log"
  # The containerd image store is what lets buildx's `docker` driver build and
  # push an index of several platforms.
  echo '{"features":{"containerd-snapshotter":true}}' >"$STATE/daemon.json"
  [[ -e /sys/class/net/docker0 ]] || : >"$STATE/made-docker0"
  # No firewall rules and no forwarding: containers reach each other and the
  # machine, published ports work (docker-proxy), nothing leaves the machine.
  # --bridge=none would be simpler still but breaks every RUN step.
  : >"$STATE/log/dockerd.log"
  PATH=$PKG/bin:$PATH launch "$STATE/log/dockerd.log" "$PKG/bin/dockerd" \
    --config-file="$STATE/daemon.json" --data-root="$STATE/data" --exec-root="$RUN/exec" \
    --pidfile="$RUN/dockerd.pid" --host="$DOCKER_HOST" \
    --iptables=false --ip6tables=false --ip-forward=false --shutdown-timeout=5
  local pid=$! i
  for ((i = 0; i < 600; i++)); do
    docker version >/dev/null 2>&1 && return
    is_ours "$pid" dockerd || [[ $i -lt 10 ]] || break
    sleep 0.1
  done
  tail -n 20 "$STATE/log/dockerd.log" >&2; die "dockerd did not come up"
}

start_registry() {
  is_ours "$(pid_in "$RUN/registry.pid")" docker-registry && return
  mkdir -p "$REG" "$RUN" "$STATE/log"
  if (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then die "port $PORT is taken: set ENGINE_REGISTRY_PORT"; fi
  # A password as long as an ECR token. bcrypt reads 72 bytes of it, and crypt()
  # refuses more than 512, hence the cut.
  if [[ ! -s $REG/htpasswd ]]; then
    (umask 077; head -c 1500 /dev/urandom | base64 -w0 >"$REG/password")
    perl -e 'open F, "<", $ARGV[0]; read F, $p, 72; open R, "<", "/dev/urandom"; read R, $r, 22;
      $s = join "", map { ("a".."z", "A".."Z", 0..9, ".", "/")[ord() % 64] } split //, $r;
      print "AWS:", crypt($p, "\$2y\$05\$$s"), "\n"' "$REG/password" >"$REG/htpasswd"
  fi
  cat >"$REG/config.yml" <<YML
version: 0.1
log: {level: info}
storage: {filesystem: {rootdirectory: $REG/data}, delete: {enabled: true}}
http: {addr: "127.0.0.1:$PORT", secret: loopback}
auth: {htpasswd: {realm: "http://127.0.0.1:$PORT/", path: $REG/htpasswd}}
YML
  : >"$STATE/log/registry.log"
  launch "$STATE/log/registry.log" "$PKG/bin/docker-registry" serve "$REG/config.yml"
  echo $! >"$RUN/registry.pid"
  local i
  for ((i = 0; i < 1200; i++)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null && return
    sleep 0.05
  done
  tail -n 20 "$STATE/log/registry.log" >&2; die "the registry did not come up"
}

# ---------------------------------------------------------------- the rest

stop_all() {
  end "$RUN/registry.pid" docker-registry 5
  end "$RUN/dockerd.pid" dockerd 20 # it stops containers and containerd itself
  clear_leftovers
  if [[ -e $STATE/made-docker0 ]]; then ip link del docker0 2>/dev/null || true; rm -f "$STATE/made-docker0"; fi
  if grep -qsF "interpreter $PKG/" "$BINFMT/qemu-aarch64"; then echo -1 >"$BINFMT/qemu-aarch64"; fi
}

print_env() {
  cat <<ENV
export DOCKER_HOST=$DOCKER_HOST
export ENGINE_REGISTRY=127.0.0.1:$PORT
export ENGINE_REGISTRY_PASSWORD_FILE=$REG/password
export ENGINE_BUSYBOX_AMD64=$PKG/amd64/busybox
export ENGINE_BUSYBOX_ARM64=$PKG/arm64/busybox
ENV
  [[ ! -x $PKG/bin/docker ]] || echo "export PATH=$PKG/bin:\$PATH"
}

print_status() {
  local ok=0 name file
  for name in dockerd docker-registry containerd; do
    case $name in dockerd) file=$RUN/dockerd.pid ;; containerd) file=$RUN/exec/containerd/containerd.pid ;; *) file=$RUN/registry.pid ;; esac
    if is_ours "$(pid_in "$file")" "$name"; then
      echo "$name: pid $(<"$file"), $(awk '/VmRSS/ {printf "%d MiB", $2 / 1024}' "/proc/$(<"$file")/status")"
    else echo "$name: not running"; ok=1; fi
  done
  [[ $ok != 0 ]] || docker version --format 'docker client {{.Client.Version}}, engine {{.Server.Version}}{{range .Server.Components}}, {{.Name}} {{.Version}}{{end}}'
  [[ $ok != 0 ]] || docker buildx version
  [[ -e $BINFMT/qemu-aarch64 ]] && echo "arm64 emulation: on" || echo "arm64 emulation: off"
  return $ok
}

longest=$RUN/exec/containerd/containerd.sock.ttrpc
((${#longest} <= 107)) || die "ENGINE_HOME is too long for unix sockets: $ENGINE_HOME"
cmd=${1:-start}
if [[ $cmd == env ]]; then print_env; exit; fi
if [[ $cmd == status ]]; then print_status; exit; fi
[[ $EUID == 0 ]] || die "must run as root"
mkdir -p "$ENGINE_HOME"
exec 9>"$ENGINE_HOME/lock"; flock -w 300 9 || die "another engine.sh holds $ENGINE_HOME/lock"
[[ ! -x $PKG/bin/docker ]] || PATH=$PKG/bin:$PATH
case $cmd in
  install) install_all ;;
  start)
    install_all; [[ ! -x $PKG/bin/docker ]] || PATH=$PKG/bin:$PATH
    start_binfmt; start_engine; start_registry
    say "engine $(docker version --format '{{.Server.Version}}') at $DOCKER_HOST, registry at 127.0.0.1:$PORT (user AWS)" ;;
  stop) stop_all ;;
  clean) stop_all; rm -rf "$STATE" ;;
  *) die "unknown command: $cmd" ;;
esac
