/** The page: header, the three cards of the first screen, the small charts, and what opens over them. */
import { Tooltip } from 'radix-ui';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { ActionContext } from '../state/actions';
import { type FileWithPath, type Repository, sortDropped } from '../state/dropped';
import { isCaptionFile } from '../state/files';
import { commands, modelCommands } from '../state/page';
import styles from './App.module.css';
import { useModality } from './basics/Words';
import { CurveCard } from './charts/CurveCard';
import { Numbers } from './charts/Numbers';
import { SmallCharts } from './charts/SmallCharts';
import { ActionProvider } from './controls/ActionContext';
import { ControlBar } from './controls/ControlBar';
import { useFilesAnywhere } from './controls/useFilesAnywhere';
import { useShortcuts } from './controls/useShortcuts';
import { EvaluateSheet } from './evaluate/EvaluateSheet';
import { EvaluationCard } from './evaluation/EvaluationCard';
import { Footer } from './Footer';
import { Header } from './header/Header';
import { HelpSheet } from './help/HelpSheet';
import { ModelsSheet } from './models/ModelsSheet';
import { AdapterNotice } from './notices/AdapterNotice';
import { DropVeil } from './notices/DropVeil';
import { Toasts } from './notices/Toasts';
import { PhotosSheet } from './photos/PhotosSheet';
import { PictureCard } from './picture/PictureCard';
import { SamplesCard } from './samples/SamplesCard';
import { SettingsSheet } from './settings/SettingsSheet';
import { NoTrainingSet } from './sound/NoTrainingSet';
import { SpeakSheet } from './speak/SpeakSheet';

export function App() {
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const [areSettingsOpen, setAreSettingsOpen] = useState(false);
  const [areModelsOpen, setAreModelsOpen] = useState(false);
  const [arePhotosOpen, setArePhotosOpen] = useState(false);
  const [isEvaluateOpen, setIsEvaluateOpen] = useState(false);
  const isOfSounds = useModality() === 'sound';
  const prefixInput = useRef<HTMLInputElement>(null);
  const context = useMemo<ActionContext>(
    () => ({
      commands,
      pickPrefix: () => prefixInput.current?.click(),
      showHelp: () => setIsHelpOpen(true),
    }),
    [],
  );
  useShortcuts(context);
  const takeFiles = useCallback(
    (files: readonly FileWithPath[]) => {
      const { repositories, zips, inFolders, others } = sortDropped(files);
      if (repositories.length + zips.length > 0) {
        setAreModelsOpen(true);
        void addRepositories(repositories, zips);
      }
      const loose = [...inFolders, ...others];
      // References come with the pictures they speak of.
      if (loose.length > 0 && (isEvaluateOpen || loose.some(isCaptionFile))) {
        setArePhotosOpen(false);
        setIsEvaluateOpen(true);
        void commands.evaluate.take(loose);
        return;
      }
      if (isOfSounds) {
        void commands.takeFiles(loose);
        return;
      }
      // Single pictures are to be captioned; what comes in folders is a set to train on.
      const toTrainOn = arePhotosOpen ? loose : inFolders;
      if (toTrainOn.length > 0) {
        setArePhotosOpen(true);
        void commands.photos.add(toTrainOn);
      }
      if (!arePhotosOpen && others.length > 0) void commands.takeFiles(others);
    },
    [arePhotosOpen, isEvaluateOpen, isOfSounds],
  );
  const isDraggingFiles = useFilesAnywhere(takeFiles);

  return (
    <Tooltip.Provider delayDuration={400}>
      <ActionProvider value={context}>
        <Header
          onPhotos={() => setArePhotosOpen(true)}
          onEvaluate={() => setIsEvaluateOpen(true)}
          onModels={() => setAreModelsOpen(true)}
          onSettings={() => setAreSettingsOpen(true)}
        />
        <main className={styles['page']}>
          <div className={styles['screen']}>
            <AdapterNotice />
            <div className={styles['first']}>
              <PictureCard className={styles['picture']} />
              <CurveCard className={styles['curve']} />
              <SamplesCard className={styles['samples']} />
              <div className={styles['controls']}>
                <ControlBar />
              </div>
            </div>
            <div className={styles['charts']}>
              <EvaluationCard />
              <SmallCharts />
            </div>
          </div>
          <Numbers />
          <Footer />
        </main>
        <input
          ref={prefixInput}
          type="file"
          accept=".safetensors"
          hidden
          aria-label="Import prefix weights"
          data-testid="import"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            // Cleared after the file is taken, so that it can be chosen again.
            if (file) void commands.importPrefix(file);
            currentTarget.value = '';
          }}
        />
        {isOfSounds ? (
          <NoTrainingSet isOpen={arePhotosOpen} onOpenChange={setArePhotosOpen} />
        ) : (
          <PhotosSheet isOpen={arePhotosOpen} onOpenChange={setArePhotosOpen} />
        )}
        <EvaluateSheet isOpen={isEvaluateOpen} onOpenChange={setIsEvaluateOpen} />
        <ModelsSheet isOpen={areModelsOpen} onOpenChange={setAreModelsOpen} />
        <SettingsSheet isOpen={areSettingsOpen} onOpenChange={setAreSettingsOpen} />
        <SpeakSheet />
        <HelpSheet isOpen={isHelpOpen} onOpenChange={setIsHelpOpen} />
        <Toasts />
        {isDraggingFiles && (
          <DropVeil use={isEvaluateOpen ? 'evaluate' : arePhotosOpen ? 'train' : 'any'} />
        )}
      </ActionProvider>
    </Tooltip.Provider>
  );
}

/** One after the other: each is copied to the disk. */
async function addRepositories(folders: readonly Repository[], zips: readonly File[]) {
  for (const { name, files } of folders) await modelCommands.addFolder(name, files);
  for (const zip of zips) await modelCommands.addZip(zip);
}
