/** What the terminal shows: the learning curve and a row of digits with what the model took them for. */

import asciichart from 'asciichart';

/** @param curves one series per name, of equal length. */
export function drawCurves(
  title: string,
  curves: Readonly<Record<string, readonly number[]>>,
  colored: boolean,
): string {
  const colors = colored ? [asciichart.blue, asciichart.green] : ['', ''];
  const reset = colored ? asciichart.reset : '';
  const names = Object.keys(curves);
  const stretched = names.map((name) => stretch(curves[name]!, 60));
  const legend = names.map((name, i) => `${colors[i]}── ${name}${reset}`).join('   ');
  const chart = asciichart.plot(stretched, {
    height: 8,
    ...(colored ? { colors } : {}),
    format: (value) => value.toFixed(3).padStart(8),
  });
  return `${title}   ${legend}\n${chart}`;
}

/** Linear interpolation, so that five epochs make a line and not five characters. */
function stretch(values: readonly number[], width: number): number[] {
  if (values.length < 2) return Array.from({ length: width }, () => values[0] ?? 0);
  return Array.from({ length: width }, (_, i) => {
    const position = (i / (width - 1)) * (values.length - 1);
    const left = Math.min(Math.floor(position), values.length - 2);
    return values[left]! + (values[left + 1]! - values[left]!) * (position - left);
  });
}

/**
 * Two pixel rows to a line. With colours the upper half block takes the foreground and the lower one the background;
 * without, each pair becomes one character of a ramp.
 */
export function drawDigits(images: readonly Float32Array[], captions: readonly string[], colors: boolean): string {
  const lines: string[] = [];
  for (let row = 0; row < 28; row += 2) {
    const parts = images.map((image) => {
      let line = '';
      for (let column = 0; column < 28; column++) {
        const upper = image[row * 28 + column]!;
        const lower = image[(row + 1) * 28 + column]!;
        line += colors ? `\u001b[38;5;${gray(upper)};48;5;${gray(lower)}m▀` : ramp(Math.max(upper, lower));
      }
      return colors ? `${line}\u001b[0m` : line;
    });
    lines.push(parts.join(' '));
  }
  lines.push(captions.map((caption) => caption.padStart(14 + Math.ceil(caption.length / 2)).padEnd(29)).join(''));
  return lines.join('\n');
}

/** The 24 grays of the 256-colour palette. */
function gray(value: number): number {
  return 232 + Math.round(Math.min(Math.max(value, 0), 1) * 23);
}

function ramp(value: number): string {
  const characters = ' .:-=+*#%@';
  return characters[Math.round(Math.min(Math.max(value, 0), 1) * (characters.length - 1))]!;
}
