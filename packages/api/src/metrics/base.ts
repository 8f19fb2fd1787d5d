/** What metrics are made of. */

export { Mean } from './mean.js';
export { MeanMetricWrapper, type MetricFunction } from './mean-metric-wrapper.js';
export { Metric, type MetricOptions } from './metric.js';
