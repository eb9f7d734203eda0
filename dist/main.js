import{main}from"./entries.js";await main();
