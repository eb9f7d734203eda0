const r=5978,c=[5978],v={5978:((O,t,s)=>{s.r(t),s.d(t,{readPlace:()=>a});var d=s(9716),n=s(9066),o=s(6074),_=s(6674);function a(D,M){const E=new n.m(D),P=(0,d.k)(E,M);return{aws:P,service:(0,o.u)(E,P),github:(0,_.GP)(E)}}})};export{r as id,c as ids,v as modules};
//# sourceMappingURL=maps/inputs-place.js.map
