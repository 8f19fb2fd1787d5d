/** What recurrent and attentive layers say about wrong input: which part, what it should be, what it is. */

import type { Tensor } from '@ceratops/core';
import { expect, it } from 'vitest';
import { Input } from '../engine/input.js';
import { cast, ones } from '../ops/common.js';
import { onDevices } from '../test-support/devices.js';
import * as layers from './index.js';

const mask = (...shape: number[]): Tensor => cast(ones(shape), 'bool');
const x = (): Tensor => ones([2, 3, 4]);
const other = (): Tensor => ones([2, 5, 4]);

type Case = readonly [what: string, run: () => unknown, code: string, message: RegExp];

const recurrent: readonly Case[] = [
  [
    'a mask of another batch',
    () => layers.LSTM(2)(x(), { mask: mask(1, 3) }),
    'SHAPE_MISMATCH',
    /mask does not fit.*expected \[2, 3\].*received \[1, 3\]/,
  ],
  [
    'a mask without a batch',
    () => layers.GRU(2)(x(), { mask: mask(3) }),
    'SHAPE_MISMATCH',
    /mask does not fit.*received \[3\]/,
  ],
  [
    'a mask of features',
    () => layers.SimpleRNN(2)(x(), { mask: mask(2, 3, 4) }),
    'SHAPE_MISMATCH',
    /mask does not fit.*received \[2, 3, 4\]/,
  ],
  [
    'a mask of numbers',
    () => layers.LSTM(2)(x(), { mask: [[1, 1, 0]] as never }),
    'INVALID_ARGUMENT',
    /LSTM\): the mask is no tensor.*expected a bool tensor, received 1/,
  ],
  [
    'a mask of numbers for TimeDistributed',
    () => layers.TimeDistributed(layers.Dense(2))(x(), { mask: 'x' } as never),
    'INVALID_ARGUMENT',
    /TimeDistributed\): the mask is no tensor.*received 'x'/,
  ],
  [
    'an option that is none',
    () => layers.GRU(2)(x(), { initialStates: ones([2, 2]) } as never),
    'INVALID_ARGUMENT',
    /GRU\): a call takes no option 'initialStates'.*did you mean 'initialState'/,
  ],
  [
    'an option of two directions that is none',
    () => layers.Bidirectional(layers.GRU(2))(x(), { state: ones([2, 2]) } as never),
    'INVALID_ARGUMENT',
    /Bidirectional\): a call takes no option 'state'/,
  ],
  [
    'no steps',
    () => layers.LSTM(2)(ones([2, 0, 4])),
    'SHAPE_MISMATCH',
    /LSTM\): the sequences have no steps.*\[2, 0, 4\]/,
  ],
  [
    'a cell without states',
    () => layers.LSTMCell(2)(ones([2, 4]), undefined as never),
    'INVALID_ARGUMENT',
    /LSTMCell\): called without its states, expected .*a list of 2, received undefined/,
  ],
  [
    'a cell with one state for two',
    () => layers.LSTMCell(2)(ones([2, 4]), { states: [ones([2, 2])] }),
    'INVALID_ARGUMENT',
    /LSTMCell\): called without its states, expected .*a list of 2, received 1/,
  ],
  [
    'a cell with a state for a list of them',
    () => layers.GRUCell(2)(ones([2, 4]), { states: ones([2, 2]) as never }),
    'INVALID_ARGUMENT',
    /GRUCell\): called without its states, expected .*a list of 1/,
  ],
  [
    'the states of one cell for two',
    () => layers.StackedRNNCells([layers.GRUCell(2), layers.GRUCell(2)])(ones([2, 4]), { states: [ones([2, 2])] }),
    'INVALID_ARGUMENT',
    /StackedRNNCells\): called without its states, expected .*a list of 2, received 1/,
  ],
  [
    'a stateful layer of any batch',
    () => layers.LSTM(2, { stateful: true })(Input([3, 4])),
    'SHAPE_MISMATCH',
    /a stateful layer needs to know the batch size.*received shape \(None, 3, 4\).*Input\(\{ batchShape/,
  ],
  [
    'an unrolled layer of any length',
    () => layers.LSTM(2, { unroll: true })(Input([null, 4])),
    'SHAPE_MISMATCH',
    /unrolled without knowing its length.*received shape \(None, None, 4\).*give it with the input/,
  ],
  [
    'one initial state for two',
    () => layers.LSTM(2)(x(), { initialState: [ones([2, 2])] }),
    'SHAPE_MISMATCH',
    /wrong number of initial states, expected 2.*received 1/,
  ],
  [
    'one symbolic initial state for two',
    () => layers.LSTM(2)(Input([3, 4]), { initialState: [Input([2])] as never }),
    'SHAPE_MISMATCH',
    /wrong number of initial states, expected 2.*received 1/,
  ],
  [
    'the states of one direction for two',
    () => layers.Bidirectional(layers.GRU(2))(x(), { initialState: [ones([2, 2])] } as never),
    'SHAPE_MISMATCH',
    /Bidirectional\): wrong number of initial states, expected 2.*received 1/,
  ],
  [
    'initial states of another size',
    () => layers.GRU(2)(x(), { initialState: ones([2, 3]) }),
    'SHAPE_MISMATCH',
    /states do not fit the batch, expected \[2, 2\], received \[2, 3\]/,
  ],
  [
    'cuDNN, insisted on',
    () => layers.LSTM(2, { useCudnn: true }),
    'INVALID_ARGUMENT',
    /bad argument 'use_cudnn', expected 'auto' or false: no backend has cuDNN, received true/,
  ],
  [
    'what is no cell',
    () => layers.RNN(layers.Dense(2)),
    'INVALID_ARGUMENT',
    /^RNN: not a cell, expected a layer with stateSize/,
  ],
  [
    'two directions of what has none',
    () => layers.Bidirectional(layers.Dense(2)),
    'INVALID_ARGUMENT',
    /not a recurrent layer.*received layer 'dense/,
  ],
  [
    'one sample without a batch',
    () => layers.LSTM(2)(ones([3, 4])),
    'SHAPE_MISMATCH',
    /expected rank 3, received shape \(3, 4\)/,
  ],
  [
    'time without anything at each step',
    () => layers.TimeDistributed(layers.Dense(2))(ones([3])),
    'SHAPE_MISMATCH',
    /expected rank 3 or more, received shape \(3,\)/,
  ],
  [
    'a mask of other steps for TimeDistributed',
    () => layers.TimeDistributed(layers.Dense(2))(x(), { mask: mask(2, 4) } as never),
    'SHAPE_MISMATCH',
    /mask does not fit the sequences.*expected \[2, 3, …\].*received \[2, 4\]/,
  ],
];

const heads = () => layers.MultiHeadAttention(2, 4);

const attentive: readonly Case[] = [
  [
    'an attention mask of other queries',
    () => heads()(x(), other(), { attentionMask: mask(2, 4, 5) }),
    'SHAPE_MISMATCH',
    /attentionMask does not fit.*expected \[3, 5\] or \[2, 3, 5\] or \[2, heads, 3, 5\].*received \[2, 4, 5\]/,
  ],
  [
    'an attention mask of keys alone',
    () => heads()(x(), other(), { attentionMask: mask(5) }),
    'SHAPE_MISMATCH',
    /attentionMask does not fit.*received \[5\]/,
  ],
  [
    'an attention mask of five axes',
    () => heads()(x(), other(), { attentionMask: mask(1, 1, 2, 3, 5) }),
    'SHAPE_MISMATCH',
    /attentionMask does not fit.*received \[1, 1, 2, 3, 5\]/,
  ],
  [
    'an attention mask of numbers',
    () => heads()(x(), other(), { attentionMask: [[1]] as never }),
    'INVALID_ARGUMENT',
    /attentionMask is no tensor.*expected a bool tensor, received \[\[1\]\]/,
  ],
  [
    'a query mask of other queries',
    () => heads()(x(), other(), { queryMask: mask(2, 5) }),
    'SHAPE_MISMATCH',
    /mask of the queries does not fit.*expected \[2, 3\].*received \[2, 5\]/,
  ],
  [
    'no positions',
    () => heads()(ones([2, 4]), ones([2, 4])),
    'SHAPE_MISMATCH',
    /the shapes do not fit, expected \[query, value\].*received \[\[2,4\],\[2,4\]\]/,
  ],
  [
    'axes that are not there',
    () => layers.MultiHeadAttention(2, 4, { attentionAxes: [1, 5] })(x(), other()),
    'SHAPE_MISMATCH',
    /MultiHeadAttention\): attentionAxes: axis out of range, expected -3 ≤ axis < 3, received 5/,
  ],
  [
    "a mask under Keras' name",
    () => heads()(x(), other(), { attention_mask: mask(2, 3, 5) } as never),
    'INVALID_ARGUMENT',
    /MultiHeadAttention\): a call takes no option 'attention_mask'.*did you mean 'attentionMask'/,
  ],
  [
    'an option of other attention',
    () => layers.Attention()([x(), other()], { attentionMask: mask(2, 3, 5) } as never),
    'INVALID_ARGUMENT',
    /Attention\): a call takes no option 'attentionMask', expected some of training, mask, useCausalMask/,
  ],
  [
    'to be built with one shape',
    () => heads().build([2, 3, 4]),
    'SHAPE_MISMATCH',
    /the shapes do not fit, expected \[query, value\].*received \[2,3,4\]/,
  ],
  [
    'a mask of other values',
    () => heads()(x(), other(), { valueMask: mask(2, 3) }),
    'SHAPE_MISMATCH',
    /mask of the values does not fit.*expected \[2, 5\].*received \[2, 3\]/,
  ],
  [
    'a mask of other keys',
    () => heads()(x(), other(), other(), { keyMask: mask(2, 3) }),
    'SHAPE_MISMATCH',
    /mask of the keys does not fit.*expected \[2, 5\]/,
  ],
  [
    'more keys than values',
    () => heads()(x(), other(), ones([2, 6, 4])),
    'SHAPE_MISMATCH',
    /keys and values differ.*\[5\], received \[6\]/,
  ],
  [
    'one tensor',
    () => heads()(x() as never, undefined as never),
    'INVALID_ARGUMENT',
    /wrong number of tensors, expected layer\(query, value\)/,
  ],
  [
    'heads that do not divide into groups',
    () => layers.GroupQueryAttention(4, 5, 3),
    'INVALID_ARGUMENT',
    /'numQueryHeads' is not divisible by 'numKeyValueHeads', expected a multiple of 3, received 5/,
  ],
  [
    'a mask of other queries for grouped heads',
    () => layers.GroupQueryAttention(4, 4, 2)(x(), other(), { attentionMask: mask(2, 4, 5) }),
    'SHAPE_MISMATCH',
    /attentionMask does not fit.*received \[2, 4, 5\]/,
  ],
  [
    'keys of another depth',
    () => layers.Attention()([x(), ones([2, 5, 6])]),
    'SHAPE_MISMATCH',
    /keys and queries differ in depth, expected .*4, received 6/,
  ],
  [
    'symbolic keys of another depth',
    () => layers.AdditiveAttention()([Input([3, 4]), Input([5, 6])]),
    'SHAPE_MISMATCH',
    /keys and queries differ in depth, expected .*4, received 6/,
  ],
  [
    'more keys than values in a list',
    () => layers.Attention()([x(), other(), ones([2, 6, 4])]),
    'SHAPE_MISMATCH',
    /keys and values differ in number, expected .*5, received 6/,
  ],
  [
    'a query alone',
    () => layers.Attention()([x()]),
    'SHAPE_MISMATCH',
    /expected a list \[query, value\].*received a list of 1/,
  ],
  [
    'one mask for two',
    () => layers.Attention()([x(), other()], { mask: [mask(2, 3)] }),
    'INVALID_ARGUMENT',
    /wrong masks.*received a list of 1/,
  ],
  [
    'the mask of the queries for the values',
    () => layers.Attention()([x(), other()], { mask: [undefined, mask(2, 3)] }),
    'SHAPE_MISMATCH',
    /mask of the values does not fit.*expected \[2, 5\].*received \[2, 3\]/,
  ],
];

const others: readonly Case[] = [
  [
    'shared axes that are not there',
    () => layers.PReLU({ sharedAxes: [1, 5] })(x()),
    'SHAPE_MISMATCH',
    /PReLU\): an axis of 'sharedAxes' is not there, expected axes from 1 to 2, received \[1, 5\]/,
  ],
  [
    'three axes for two tensors',
    () => layers.Dot([1, 1, 1])([x(), x()]),
    'SHAPE_MISMATCH',
    /Dot\): wrong number of axes, expected one axis, or one for each input/,
  ],
  [
    'a mask of samples, also where no moments are taken',
    () => layers.BatchNormalization()(x(), { mask: mask(2) }),
    'SHAPE_MISMATCH',
    /BatchNormalization\): the mask does not fit.*expected rank 2, received rank 1/,
  ],
];

onDevices('recurrent layers refuse', () => {
  it.each(recurrent)('%s', (_, run, code, message) => {
    expect(run).toThrow(
      expect.objectContaining({ name: 'CeratopsError', code, message: expect.stringMatching(message) }),
    );
  });
});

onDevices('attentive layers refuse', () => {
  it.each(attentive)('%s', (_, run, code, message) => {
    expect(run).toThrow(
      expect.objectContaining({ name: 'CeratopsError', code, message: expect.stringMatching(message) }),
    );
  });
});

onDevices('other layers refuse', () => {
  it.each(others)('%s', (_, run, code, message) => {
    expect(run).toThrow(
      expect.objectContaining({ name: 'CeratopsError', code, message: expect.stringMatching(message) }),
    );
  });
});
