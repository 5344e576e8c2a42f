/**
 * Files dropped or pasted anywhere on the page; tells whether some are being dragged over it. A dropped
 * folder or zip is a repository of a model.
 */
import { useEffect, useState } from 'react';
import { commands, modelCommands } from '../../state/page';
import { filesBelow, sortDropped } from './droppedRepositories';

const carriesFiles = (event: DragEvent): boolean =>
  event.dataTransfer?.types.includes('Files') ?? false;

/** @param onRepository called when one was dropped; must not change */
export function useFilesAnywhere(onRepository: () => void): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    // Enter and leave fire for every element passed; only their balance says who is outside.
    let depth = 0;
    const show = (change: number) => {
      depth = Math.max(0, depth + change);
      setIsOver(depth > 0);
    };
    const controller = new AbortController();
    const { signal } = controller;
    const on = <Name extends 'dragenter' | 'dragover' | 'dragleave' | 'drop'>(
      name: Name,
      handle: (event: DragEvent) => void,
    ) =>
      window.addEventListener(
        name,
        (event) => {
          if (!carriesFiles(event)) return;
          event.preventDefault();
          handle(event);
        },
        { signal },
      );
    on('dragenter', () => show(1));
    on('dragover', () => undefined);
    on('dragleave', () => show(-1));
    on('drop', (event) => {
      show(-depth);
      const { folders, zips, others } = sortDropped(event.dataTransfer);
      if (folders.length + zips.length > 0) onRepository();
      if (others.length > 0) void commands.takeFiles(others);
      void (async () => {
        for (const folder of folders)
          await modelCommands.addFolder(folder.name, await filesBelow(folder));
        for (const zip of zips) await modelCommands.addZip(zip);
      })();
    });
    window.addEventListener(
      'paste',
      (event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length === 0) return;
        event.preventDefault();
        void commands.takeFiles(files);
      },
      { signal },
    );
    return () => controller.abort();
  }, [onRepository]);
  return isOver;
}
