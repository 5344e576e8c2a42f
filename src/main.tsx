/** The entry of the page. */
import { mount } from './ui/mount';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
mount(root);
