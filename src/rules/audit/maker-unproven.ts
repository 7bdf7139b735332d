import { complain, defineAuditRule } from './audit-rule.ts';
import { makerOf } from './maker.ts';

export const makerUnproven = defineAuditRule({
  code: 'maker-unproven',
  severity: 'notice',
  title: 'this audit is not proven on clusters of this kind',
  why: 'what was found is true as far as it was seen; what this deployer does in ways of its own may have been missed, or be meant so',
  fix: 'read each finding before you act on it',
  judge: (view) => {
    const { name, isProven, why } = makerOf(view);
    return complain(isProven ? [] : [`${name}: ${why}`]);
  },
});
