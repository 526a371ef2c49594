#!/usr/bin/env bash
# mpirun over two hosts that are network namespaces joined by a cable, over TCP: hosts.sh ARGUMENT...
# takes what mpirun takes, the ranks lie on host-a and host-b in turns. NABLA_RATE=1gbit gives the
# cable this speed, as `tc` writes it. Where namespaces are not allowed it says so and exits with 0.
set -euo pipefail

join() {  # on host-a
  hostname host-a
  unshare --net --uts sleep infinity &
  other=$!
  trap 'kill "$other"; rm -rf "$folder"' EXIT
  until [[ $(readlink "/proc/$other/ns/net") != $(readlink /proc/self/ns/net) &&
    $(cat "/proc/$other/comm") == sleep ]]; do sleep 0.01; done
  on_b=(nsenter --target "$other" --net --uts)
  "${on_b[@]}" hostname host-b
  ip link set lo up
  "${on_b[@]}" ip link set lo up
  ip link add cable-a type veth peer name cable-b netns "$other"
  ip address add 10.77.0.1/24 dev cable-a
  "${on_b[@]}" ip address add 10.77.0.2/24 dev cable-b
  ip link set cable-a up
  "${on_b[@]}" ip link set cable-b up
  [[ -n ${NABLA_RATE:-} ]] || return 0
  tc qdisc add dev cable-a root tbf rate "$NABLA_RATE" burst 256kb latency 1s
  "${on_b[@]}" tc qdisc add dev cable-b root tbf rate "$NABLA_RATE" burst 256kb latency 1s
}

if [[ ${1:-} != --joined ]]; then
  reason=$(unshare --user --map-root-user --net --uts ip link add type veth 2>&1) || {
    echo "SKIPPED: no namespaces for two hosts here: $reason"
    exit 0
  }
  exec unshare --user --map-root-user --net --uts "$0" --joined "$@"
fi
shift
folder=$(mktemp -d)
join
printf '10.77.0.%s slots=64\n' 1 2 >"$folder/hosts"
# mpirun calls it with a host and a command.
printf '#!/bin/sh\nshift\nexec nsenter --target %s --net --uts sh -c "$*"\n' "$other" >"$folder/agent"
chmod +x "$folder/agent"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
# The hosts share the cores: who waits lets others run, and no host takes the first core for itself.
export OMPI_MCA_mpi_yield_when_idle=${OMPI_MCA_mpi_yield_when_idle:-1}
mpirun --bind-to none --hostfile "$folder/hosts" --map-by node --mca plm_rsh_agent "$folder/agent" \
  --mca btl tcp,self --mca btl_tcp_if_include 10.77.0.0/24 --mca oob_tcp_if_include 10.77.0.0/24 "$@"
