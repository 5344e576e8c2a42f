import { expect, it } from 'vitest';
import { type FileWithPath, sortDropped } from './dropped';

const file = (path: string): FileWithPath =>
  Object.assign(new File(['x'], path.split('/').at(-1)!), { path });

it('a folder with a config.json is a repository, another holds pictures to train on', () => {
  const config = file('/gpt2/config.json');
  const tower = file('/gpt2/onnx/text_model.onnx');
  const photo = file('/holiday/beach/one.jpg');
  const deep = file('/holiday/beach/config.json');
  const single = file('./two.jpg');
  const zip = file('./clip.ZIP');
  expect(sortDropped([config, photo, single, tower, zip, deep])).toEqual({
    repositories: [
      {
        name: 'gpt2',
        files: [
          { path: 'config.json', data: config },
          { path: 'onnx/text_model.onnx', data: tower },
        ],
      },
    ],
    zips: [zip],
    inFolders: [photo, deep],
    others: [single],
  });
});

it('a pasted file has no path', () => {
  const pasted = new File(['x'], 'image.png');
  expect(sortDropped([pasted]).others).toEqual([pasted]);
});
