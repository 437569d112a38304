/** Two numbers of one subscriber: what is written in an old or local form, and the form that E.164 has today. */
interface EqualNumbers {
  readonly country: string;
  readonly form: RegExp;
  readonly canonical: string;
  /** Where this is laid down or reported. */
  readonly source: string;
}

/**
 * Numbers that reach the same phone. Each row maps one form to the form of today, and no row's result is matched by
 * another row. To add one, name its source, and give the identity rules their next number (see `identity.ts`).
 */
export const EQUAL_NUMBERS: readonly EqualNumbers[] = [
  {
    country: 'Mexico: the 1 before mobiles ended on 3 August 2019, WhatsApp still has it',
    form: /^521([2-9]\d{9})$/u,
    canonical: '52$1',
    source: 'IFT, Plan Técnico Fundamental de Numeración (DOF 2018-05-11); chatwoot/chatwoot#14048',
  },
  {
    country: 'Argentina: mobiles have a 9 before the area from abroad, which many gateways leave out',
    form: /^54([1-3]\d{9})$/u,
    canonical: '549$1',
    source: 'ENACOM, Plan Fundamental de Numeración Nacional; floere/phony#310',
  },
  {
    country: 'Brazil: the ninth digit of mobiles, added from 2012 to 2016, WhatsApp often lacks it',
    form: /^55([1-9][1-9])([6-9]\d{7})$/u,
    canonical: '55$19$2',
    source: 'Anatel, Resolução nº 553/2010; chatwoot/chatwoot#14264',
  },
  {
    country: 'Benin: 01 before all numbers since 30 November 2024, WhatsApp still lacks it',
    form: /^229([2-9]\d{7})$/u,
    canonical: '22901$1',
    source: 'ARCEP Bénin, plan national de numérotation à dix chiffres (ITU Operational Bulletin 1303)',
  },
];

/** The one form of a number that stands for its subscriber. */
export function subscriberOf(digits: string): string {
  for (const { form, canonical } of EQUAL_NUMBERS) {
    if (form.test(digits)) return digits.replace(form, canonical);
  }
  return digits;
}
