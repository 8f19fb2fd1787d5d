/** Python's format fields, as file names of checkpoints use them (Format Specification Mini-Language): `{epoch:03d}`, `{loss:.2f}`. */

import { CeratopsError } from '@ceratops/kernel-registry';

const field = /\{\{|\}\}|\{(\w+)(?::([^{}]*))?\}/g;
const specification = /^(?:(.)?([<>^=]))?([+ -])?(0)?(\d+)?(?:\.(\d+))?([deEfFgG])?$/u;

/** @throws CeratopsError INVALID_ARGUMENT for a name that has no value, and for a format that is none. */
export function fillIn(template: string, values: { readonly [name: string]: number }): string {
  return template.replace(field, (whole, name: string | undefined, format: string | undefined) => {
    if (name === undefined) return whole[0]!;
    const value = values[name];
    if (value === undefined) {
      throw new CeratopsError('INVALID_ARGUMENT', `there is no '${name}' to put into the file name`, {
        subject: template,
        expected: Object.keys(values).join(', '),
        received: whole,
      });
    }
    return formatted(value, format ?? '', template);
  });
}

function formatted(value: number, format: string, template: string): string {
  const parts = specification.exec(format);
  if (parts === null) {
    throw new CeratopsError('INVALID_ARGUMENT', 'bad format in the file name', {
      subject: template,
      expected: 'one such as {epoch:03d}, {loss:.2f}, {loss:.3e}, {loss:g}',
      received: format,
    });
  }
  const [, fill, align, plus, zero, width, decimals, kind] = parts;
  const digits = inKind(Math.abs(value), kind, decimals === undefined ? undefined : Number(decimals));
  const sign = value < 0 || Object.is(value, -0) ? '-' : plus === '+' || plus === ' ' ? plus : '';
  const missing = Math.max(0, Number(width ?? 0) - sign.length - digits.length);
  const padding = (fill ?? (zero === undefined ? ' ' : '0')).repeat(missing);
  switch (align ?? (zero === undefined ? '>' : '=')) {
    case '<':
      return sign + digits + padding;
    case '^':
      return padding.slice(0, missing >> 1) + sign + digits + padding.slice(missing >> 1);
    case '=':
      return sign + padding + digits;
    default:
      return padding + sign + digits;
  }
}

function inKind(value: number, kind: string | undefined, decimals: number | undefined): string {
  switch (kind) {
    case 'd':
      return String(Math.trunc(value));
    case 'f':
    case 'F':
      return value.toFixed(decimals ?? 6);
    case 'e':
    case 'E':
      return cased(exponential(value, decimals ?? 6), kind);
    case 'g':
    case 'G':
      return cased(general(value, decimals ?? 6), kind);
    default:
      return decimals === undefined ? String(value) : general(value, decimals);
  }
}

/** At least two digits in the exponent. */
function exponential(value: number, decimals: number): string {
  return value.toExponential(decimals).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** So many significant digits, no zeros at the end, an exponent only where the number is very large or small. */
function general(value: number, decimals: number): string {
  const digits = Math.max(1, decimals);
  const [, exponent] = value.toExponential(digits - 1).split('e');
  const isPlain = Number(exponent) >= -4 && Number(exponent) < digits;
  const text = isPlain ? value.toFixed(digits - 1 - Number(exponent)) : exponential(value, digits - 1);
  return text.includes('.') ? text.replace(/\.?0+($|e)/, '$1') : text;
}

function cased(text: string, kind: string): string {
  return kind === kind.toUpperCase() ? text.toUpperCase() : text;
}
