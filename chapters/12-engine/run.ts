/** The whole engine at work, as far as it is built: the same as `./workbook demo`. */
import './demo/demo.ts';
