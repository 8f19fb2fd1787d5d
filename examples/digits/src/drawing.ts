/** What the terminal shows: the learning curve and a row of digits with what the model took them for. */

import asciichart from 'asciichart';

/** @param curves one series per name, of equal length. */
export function drawCurves(title: string, curves: Readonly<Record<string, readonly number[]>>): string {
  const colors = [asciichart.blue, asciichart.green];
  const names = Object.keys(curves);
  const stretched = names.map((name) => stretch(curves[name]!, 60));
  const legend = names.map((name, i) => `${colors[i]}── ${name}${asciichart.reset}`).join('   ');
  const chart = asciichart.plot(stretched, { height: 8, colors, format: (value) => value.toFixed(3).padStart(8) });
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

/** Two pixel rows to a line: the upper half block takes the foreground colour, the lower one the background. */
export function drawDigits(images: readonly Float32Array[], captions: readonly string[]): string {
  const lines: string[] = [];
  for (let row = 0; row < 28; row += 2) {
    let line = '';
    for (const image of images) {
      for (let column = 0; column < 28; column++) {
        const upper = gray(image[row * 28 + column]!);
        const lower = gray(image[(row + 1) * 28 + column]!);
        line += `\u001b[38;5;${upper};48;5;${lower}m▀`;
      }
      line += '\u001b[0m ';
    }
    lines.push(line);
  }
  lines.push(captions.map((caption) => caption.padStart(14 + Math.ceil(caption.length / 2)).padEnd(29)).join(''));
  return lines.join('\n');
}

/** The 24 grays of the 256-colour palette. */
function gray(value: number): number {
  return 232 + Math.round(Math.min(Math.max(value, 0), 1) * 23);
}
