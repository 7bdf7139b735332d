import { defineMachineRule } from './preflight-rule.ts';

const HOSTS_FILE = '/etc/hosts';
const LOOPBACK = '127.0.0.1';

export const endpointNameTaken = defineMachineRule({
  code: 'endpoint-name-taken',
  severity: 'error',
  title: "the name of the API's endpoint leads elsewhere",
  why: 'on every node it must be the node itself, whose proxy knows all control planes: another line of /etc/hosts wins over ours, and without "files" none of that file counts',
  fix: 'remove the line from /etc/hosts; put files first in the line hosts of /etc/nsswitch.conf',
  judgeMachine: ({ host: { files }, ground: { hostsSources } }, { wide: { endpoint } }) => {
    const file = files[HOSTS_FILE];
    const lines = file?.type === 'file' ? (file.text ?? '').split('\n') : [];
    const elsewhere = lines.filter((line) => {
      const [address = '', ...names] = (line.split('#')[0] ?? '').split(/\s+/).filter((word) => word !== '');
      return address !== LOOPBACK && names.includes(endpoint.host);
    });
    const isFilesLate = hostsSources.length > 0 && (hostsSources.includes('files') ? hostsSources.indexOf('files') > positionOf(hostsSources, 'dns') : true);
    return [...elsewhere.map((line) => `${HOSTS_FILE}: ${line}`), ...(isFilesLate ? [`/etc/nsswitch.conf: hosts: ${hostsSources.join(' ')}`] : [])];
  },
});

function positionOf(sources: readonly string[], name: string): number {
  return sources.includes(name) ? sources.indexOf(name) : sources.length;
}
