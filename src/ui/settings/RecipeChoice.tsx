/** Settings that belong together, to choose from before a run begins. */
import { commands, stores } from '../../state/page';
import { configOf, RECIPES, recipeOf } from '../../state/recipes';
import { hasBegun, isOpen } from '../../state/session';
import { Words } from '../basics/Words';
import { useStore } from '../useStore';
import styles from './settings.module.css';

export function RecipeChoice() {
  const present = useStore(stores.settings, ({ config }) => recipeOf(config));
  const isFree = useStore(stores.session, (session) => isOpen(session) && !hasBegun(session));
  return (
    <fieldset className={styles['recipes']}>
      <legend>Recipe</legend>
      {RECIPES.map((recipe) => (
        <button
          key={recipe.name}
          type="button"
          aria-pressed={recipe === present}
          disabled={!isFree}
          onClick={() =>
            void commands.configure(configOf(recipe, stores.settings.getState().config))
          }
        >
          <b>{recipe.name}</b>
          <small>
            <Words>{recipe.about}</Words>
          </small>
        </button>
      ))}
    </fieldset>
  );
}
