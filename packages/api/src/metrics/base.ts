/** What metrics are made of. */

export type { MetricFunction } from './mean.js';
export { Mean } from './mean.js';
export { MeanMetricWrapper } from './mean-metric-wrapper.js';
export { Metric, type MetricArguments, type MetricOptions } from './metric.js';
