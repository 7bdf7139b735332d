import { API_SERVER_PORT } from '../../model/cluster.ts';
import type { NodeContext, Role } from '../../model/cluster.ts';
import { membership } from '../../model/membership.ts';
import type { Membership } from '../../model/membership.ts';
import { API_PROXY_SOCKET, CONFIG_DIR, RECORD_INPUTS } from '../../shell/remote-paths.ts';
import type { NodeFile } from './patches.ts';

export const API_PROXY_UNIT = 'kubewright-api-proxy.service';
const API_PROXY_CONFIG = `${CONFIG_DIR}/api-proxy.cfg`;
export const API_PROXY_CA = `${CONFIG_DIR}/ca.crt`;
const UNIT_PATH = `/etc/systemd/system/${API_PROXY_UNIT}`;
export const API_PROXY_INPUTS = [API_PROXY_CONFIG, API_PROXY_CA, UNIT_PATH];

/** Control planes ask each second; of workers, which may be thousands, each asks every five and watches its live connections. */
const CHECKS = {
  'control-plane': 'inter 1s fastinter 500ms downinter 500ms fall 2 rise 1',
  worker: 'inter 5s fastinter 500ms downinter 1s fall 2 rise 1 observe layer4 error-limit 3 on-error mark-down',
} as const;

/** The way of one node to the API: its name and port on this node, and the control planes that it leads to. */
export interface ApiProxy {
  readonly role: Role;
  readonly endpoint: { readonly host: string; readonly port: number };
  readonly upstreams: Membership<ApiUpstream>;
}

export interface ApiUpstream {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** Of a node of a cluster file. */
export function apiProxyOf({ node, wide, controlPlanes }: NodeContext): ApiProxy {
  const upstreams = controlPlanes.members.map(({ name, address }) => ({ name, address, port: API_SERVER_PORT }));
  return { role: node.role, endpoint: wide.endpoint, upstreams: membership(upstreams, ({ name }) => name) };
}

/** HAProxy from this node's loopback to every control plane that answers /readyz with a certificate of this cluster (design, section 9). */
function config({ role, endpoint: { host, port }, upstreams }: ApiProxy): string {
  const servers = upstreams.members.map((upstream) => `  server ${upstream.name} ${upstream.address}:${upstream.port}`);
  return [
    '# Written by kubewright: upstreams are all control planes of the cluster.',
    'global',
    '  user haproxy',
    '  group haproxy',
    '  maxconn 4096',
    '  hard-stop-after 5m',
    `  stats socket ${API_PROXY_SOCKET} mode 600 level user`,
    'defaults',
    '  mode tcp',
    '  timeout connect 2s',
    '  timeout client 4h',
    '  timeout server 4h',
    '  timeout check 3s',
    '  option clitcpka',
    '  option srvtcpka',
    '  retries 3',
    '  option redispatch 1',
    'frontend api',
    `  bind 127.0.0.1:${port}`,
    '  # None found alive: passed on unchecked, so that a wrong check cannot cut a cluster off.',
    '  use_backend unchecked if { nbsrv(checked) eq 0 }',
    '  default_backend checked',
    'backend checked',
    '  balance leastconn',
    '  option httpchk GET /readyz',
    '  http-check expect status 200',
    `  default-server ${CHECKS[role]} check check-ssl check-sni ${host} verify required ca-file ${API_PROXY_CA} verifyhost ${host} on-marked-down shutdown-sessions`,
    ...servers,
    'backend unchecked',
    '  balance roundrobin',
    ...servers,
    '',
  ].join('\n');
}

const UNIT = `# Written by kubewright.
[Unit]
Description=Passes the cluster's API endpoint on to the control planes
After=network.target
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStartPre=-${RECORD_INPUTS} ${API_PROXY_UNIT} ${API_PROXY_INPUTS.join(' ')}
ExecStart=/usr/sbin/haproxy -Ws -f ${API_PROXY_CONFIG}
ExecReload=/usr/sbin/haproxy -c -q -f ${API_PROXY_CONFIG}
ExecReload=-${RECORD_INPUTS} ${API_PROXY_UNIT} ${API_PROXY_INPUTS.join(' ')}
ExecReload=/bin/kill -USR2 $MAINPID
KillMode=mixed
Restart=always
RestartSec=1
SuccessExitStatus=143

[Install]
WantedBy=multi-user.target
`;

export function apiProxyFiles(proxy: ApiProxy): readonly NodeFile[] {
  return [
    { path: API_PROXY_CONFIG, mode: '644', text: config(proxy) },
    { path: UNIT_PATH, mode: '644', text: UNIT },
  ];
}
