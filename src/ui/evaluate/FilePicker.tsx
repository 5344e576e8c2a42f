/** A button that opens the file picker. */
import { useRef } from 'react';
import { Button } from '../basics/Button';
import type { IconName } from '../basics/Icon';

interface FilePickerProps {
  label: string;
  /** What the input is called for assistive technology. */
  name: string;
  icon: IconName;
  accept: string;
  isMultiple?: boolean;
  isDisabled?: boolean;
  testId: string;
  onFiles(files: File[]): void;
}

export function FilePicker(props: FilePickerProps) {
  const { label, name, icon, accept, isMultiple, isDisabled, testId, onFiles } = props;
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon={icon} disabled={isDisabled} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        multiple={isMultiple}
        hidden
        aria-label={name}
        data-testid={testId}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          // Cleared, so that the same file can be chosen again.
          currentTarget.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}
