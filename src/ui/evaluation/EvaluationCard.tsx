/** How well what is never trained on is captioned: scenes by their attributes, photos by their cosine. */
import { isBundled } from '../../esper/pair';
import { stores } from '../../state/page';
import { Term } from '../basics/Hint';
import { useModality } from '../basics/Words';
import { lazyPart } from '../LazyPart';
import { useStore } from '../useStore';
import styles from './evaluation.module.css';
import { SceneShares } from './SceneShares';

const PhotoScore = lazyPart(
  'Held-out photos',
  async () => (await import('./PhotoScore')).PhotoScore,
);

const SCENES_HELP = {
  picture:
    'Scenes of one object whose pair of colour and shape is never trained on, captioned greedily: the share that names each attribute right.',
  sound:
    'Sounds whose pair of instrument and rhythm is never trained on, captioned greedily: the share that names each attribute right.',
} as const;
const PHOTOS_HELP =
  'Photos of yours that are held out and never trained on, captioned greedily: the mean cosine of picture and caption, as CLIP sees it.';

export function EvaluationCard() {
  const modality = useModality();
  const isBundledPair = useStore(stores.models, ({ pair }) => isBundled(pair));
  const isOnPhotos = useStore(stores.photos, ({ summary }) => summary?.trainsOn === 'photos');
  const isOfScenes = isBundledPair && !isOnPhotos;
  const kind = isOfScenes ? 'scenes' : 'photos';
  const latest = useStore(stores.evaluations, ({ history }) =>
    history.findLast((evaluation) => evaluation.of === kind),
  );
  const title = isOfScenes || modality === 'sound' ? 'Held-out accuracy' : 'Held-out photos';
  return (
    <section className={styles['card']} aria-label={title}>
      <h2 className={styles['title']}>
        <Term help={isOfScenes ? SCENES_HELP[modality] : PHOTOS_HELP}>{title}</Term>
        <small className="number">
          {latest ? (
            <>
              update <span data-testid="evaluation-update">{latest.update}</span>, {latest.pictures}{' '}
              {modality === 'sound' ? 'sounds' : kind}
            </>
          ) : (
            'not yet measured'
          )}
        </small>
      </h2>
      {isOfScenes ? <SceneShares /> : modality === 'sound' ? <OfNoWorld /> : <PhotoScore />}
    </section>
  );
}

/** A CLAP of the hub: nothing is held out of what a person gives, and the generated sounds are not its own. */
function OfNoWorld() {
  return (
    <p className={styles['cosine']}>
      Only the bundled world of sounds has some that are held out and evaluated.
    </p>
  );
}
