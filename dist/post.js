import{post}from"./entries.js";await post();
