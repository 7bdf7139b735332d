/** One flag as a program's `--help` tells it. */
export interface HelpedFlag {
  readonly name: string;
  readonly help: string;
}

const FLAG_LINE = /^ {1,8}(?:etcd (?:-h \| )?|-\w, )?--(?<name>[a-zA-Z][\w.-]*)(?<rest>(?:\s.*)?)$/;
/** The kubelet says the same of every flag that is also a field, kube-scheduler of all when it has a file: no word about this flag. */
const BOILERPLATE = [/\(?DEPRECATED: .*/g, /This parameter is ignored if a config file is specified.*/g];
const ADDRESS = /\b(addr(ess(es)?)?|ips?|cidrs?|interfaces?|listen(ing)?|bind|urls?|uri|endpoints?)\b/i;
const HOST = /\b(hosts?|host ?names?)\b/i;
const PATH = /\b(paths?|file ?names?|files?|dirs?|director(y|ies)|sockets?|kubeconfig|manifests?|ca ?file|cert ?file|key ?file)\b/i;
const IDENTITY = /\b(identit(y|ies)|identif(y|ies|iers?|ication)|unique|certs?|certificates?)\b/i;

/** The flags of a help text: of Kubernetes' programs and of etcd, whose layouts differ in where the help stands. */
export function flagsOfHelp(helpText: string): readonly HelpedFlag[] {
  const flags: { name: string; lines: string[] }[] = [];
  for (const line of helpText.split('\n')) {
    const { name, rest } = FLAG_LINE.exec(line)?.groups ?? {};
    if (name !== undefined) flags.push({ name, lines: [rest ?? ''] });
    else if (line.startsWith(' ')) flags.at(-1)?.lines.push(line);
  }
  return flags.map(({ name, lines }) => ({ name, help: ownWords(lines.join(' ')) }));
}

function ownWords(help: string): string {
  return BOILERPLATE.reduce((text, pattern) => text.replace(pattern, ''), help.replace(/\s+/g, ' ')).trim();
}

/** Whether a flag may be a node's own by what it says: then someone has to decide. */
export function speaksOfOneMachine({ name, help }: HelpedFlag): boolean {
  const words = `${name.replaceAll('-', ' ')} ${help}`;
  return [ADDRESS, HOST, PATH, IDENTITY].some((pattern) => pattern.test(words));
}
