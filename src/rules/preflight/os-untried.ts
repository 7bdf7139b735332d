import { supportOf, supportedWords } from '../../catalogue/distributions.ts';
import { defineMachineRule } from './preflight-rule.ts';

export const osUntried = defineMachineRule({
  code: 'os-untried',
  severity: 'warning',
  title: 'the operating system is not one that this version was tried on',
  why: 'names of packages, versions of their programs and paths may differ from what is known of them, so that a deployment stops in its midst; the next one goes on from there',
  fix: `go on with consent, with machines that nobody needs yet; or use one of these: ${supportedWords}`,
  judgeMachine: ({ host: { platform } }) => {
    const name = platform.osName || platform.osId;
    const support = supportOf(platform);
    if (support === 'recorded') return [`it is ${name}: what it calls things is known from records alone, no cluster was made on it`];
    return support === 'untried' ? [`it is ${name}: a relative, or another release, of what is known`] : [];
  },
});
