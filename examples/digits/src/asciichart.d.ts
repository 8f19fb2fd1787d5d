/** The package ships no types. */
declare module 'asciichart' {
  interface PlotOptions {
    height?: number;
    colors?: string[];
    format?: (value: number) => string;
  }
  const asciichart: {
    plot(series: number[] | number[][], options?: PlotOptions): string;
    readonly blue: string;
    readonly green: string;
    readonly reset: string;
  };
  export default asciichart;
}
