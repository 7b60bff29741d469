/** VitePress's default theme with the fonts of the reader's own system, and our style sheets. */
import theme from 'vitepress/theme-without-fonts';
import './style.css';
import './print.css';

export default theme;
