/** A text table with heavy head and light lines, as `rich` draws it for Keras. */

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right' | 'center';
  /** Cells, their padding of one on each side, and one border. */
  readonly width: number;
}

/** The table with its lines, each ended by a newline. Long cells are wrapped at spaces. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const rule = (left: string, fill: string, middle: string, right: string): string => {
    return `${left}${columns.map(({ width }) => fill.repeat(width + 2)).join(middle)}${right}\n`;
  };
  const head = cells(
    columns.map(({ title }) => title),
    columns,
    '┃',
  );
  const body = rows.map((row) => cells(row, columns, '│')).join(rule('├', '─', '┼', '┤'));
  return `${rule('┏', '━', '┳', '┓')}${head}${rule('┡', '━', '╇', '┩')}${body}${rule('└', '─', '┴', '┘')}`;
}

function cells(row: readonly string[], columns: readonly Column[], border: string): string {
  const wrapped = columns.map(({ width }, i) => wrap(row[i] ?? '', width));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, y) => {
    const texts = columns.map(({ align, width }, i) => ` ${aligned(wrapped[i]![y] ?? '', align, width)} `);
    return `${border}${texts.join(border)}${border}\n`;
  }).join('');
}

function aligned(text: string, align: Column['align'], width: number): string {
  if (align === 'left') return text.padEnd(width);
  if (align === 'right') return text.padStart(width);
  return text.padStart(text.length + Math.floor((width - text.length) / 2)).padEnd(width);
}

/** Greedy wrapping at spaces; a word longer than the line has one of its own and ends in an ellipsis. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(/\s*\S+/g) ?? ['']) {
    if (line === '' || `${line}${word}`.length <= width) {
      line += word;
      continue;
    }
    lines.push(line);
    line = word.trimStart();
  }
  lines.push(line);
  return lines.map((text) => (text.length <= width ? text : `${text.slice(0, width - 1)}…`));
}
